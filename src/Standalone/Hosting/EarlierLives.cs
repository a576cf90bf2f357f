using Presence.Grains;
using Presence.Standalone.Storage;

namespace Presence.Standalone.Hosting;

/// <summary>
/// The lives of the gateway that the program had before this start. Ends them once the program is ready: from then on the users
/// who were connected have the grace period to come back, and those who do not are shown offline.
/// </summary>
/// <remarks>Nothing is lost when this process ends in the middle: the lives are still in the session list at the next start.</remarks>
internal sealed partial class EarlierLives(
    IStoredLives stored, IGrainFactory grains, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<EarlierLives> logger)
    : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private IReadOnlyList<string> _lives = [];

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Before any socket is accepted, so that this start's own life is not among them.
        _lives = await stored.LivesAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ReadyAsync(stoppingToken);
        foreach (var life in _lives)
        {
            await EndAsync(life, stoppingToken);
        }

        if (_lives.Count > 0)
        {
            Log.Ended(logger, _lives.Count);
        }
    }

    private async Task ReadyAsync(CancellationToken stoppingToken)
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var started = lifetime.ApplicationStarted.Register(ready.SetResult);
        await ready.Task.WaitAsync(stoppingToken);
    }

    private async Task EndAsync(string life, CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await grains.GetGrain<IGatewayGrain>(life).EndAsync();
                return;
            }
            catch (Exception e)
            {
                // Given up, its users would look online for ever.
                Log.NotEnded(logger, life, e);
                await Task.Delay(RetryDelay, clock, stoppingToken);
            }
        }
    }

    /// <summary>Event ids 3200 to 3209 belong to this class; a retired id is never used again.</summary>
    private static partial class Log
    {
        [LoggerMessage(3200, LogLevel.Information, "The program ended {Lives} times with users connected: they have the grace period to come back.")]
        public static partial void Ended(ILogger logger, int lives);

        [LoggerMessage(3201, LogLevel.Warning, "The earlier life {Life} could not be ended yet; trying again.")]
        public static partial void NotEnded(ILogger logger, string life, Exception exception);
    }
}
