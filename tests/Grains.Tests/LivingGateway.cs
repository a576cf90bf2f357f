namespace Presence.Grains.Tests;

/// <summary>Renews the lease of a gateway, however slow the machine is.</summary>
internal sealed class LivingGateway(IGatewayGrain grain) : IAsyncDisposable
{
    private readonly PeriodicTimer _timer = new(TimeSpan.FromMilliseconds(200));
    private Task _living = Task.CompletedTask;

    public async Task BeginAsync()
    {
        await grain.BeatAsync(new(IsFirst: true, Observer: null));
        _living = LiveAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _living;
    }

    private async Task LiveAsync()
    {
        while (await _timer.WaitForNextTickAsync())
        {
            await grain.BeatAsync(new(IsFirst: false, Observer: null));
        }
    }
}
