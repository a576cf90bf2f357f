namespace Presence.Grains;

internal sealed partial class GatewayGrain
{
    private ISinkRegistryGrain Registry => GrainFactory.GetGrain<ISinkRegistryGrain>(0);

    /// <summary>The first beat waits until the registry knows this life. Later ones only remind it: it may be out of reach, and does not decide over a lease.</summary>
    private Task ListAsync(BeatRequest request)
    {
        var sink = new SinkEntry(Life, request.Observer);
        if (request.IsFirst)
        {
            return Registry.BeginAsync(sink).AsTask();
        }

        _ = ListAgainAsync(sink);
        return Task.CompletedTask;
    }

    private async Task ListAgainAsync(SinkEntry sink)
    {
        try
        {
            await Registry.BeginAsync(sink);
        }
        catch (Exception exception)
        {
            Log.NotListed(logger, exception, Life);
        }
    }
}
