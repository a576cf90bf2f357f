using Microsoft.Extensions.Logging;

namespace Presence.Grains;

/// <summary>Tells this silo of the sinks that gateway grains on other silos know: once before any user is served, then each second.</summary>
internal sealed partial class SinkRegistryFeed : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly IGrainFactory _grains;
    private readonly SinkDirectory _directory;
    private readonly TimeProvider _clock;
    private readonly ILogger<SinkRegistryFeed> _logger;
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _end = new();
    private Task _reading = Task.CompletedTask;
    private long _version;

    public SinkRegistryFeed(IGrainFactory grains, SinkDirectory directory, TimeProvider clock, ILogger<SinkRegistryFeed> logger)
    {
        (_grains, _directory, _clock, _logger) = (grains, directory, clock, logger);
        directory.Loaded = _loaded.Task;
    }

    public void Participate(ISiloLifecycle observer) => observer.Subscribe(
        nameof(SinkRegistryFeed), ServiceLifecycleStage.Active, StartAsync, StopAsync);

    public void Dispose() => _end.Dispose();

    private Task StartAsync(CancellationToken cancellationToken)
    {
        _reading = Task.Run(ReadAllAsync, CancellationToken.None);
        return _loaded.Task.WaitAsync(cancellationToken);
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        await _end.CancelAsync();
        await _reading;
    }

    private async Task ReadAllAsync()
    {
        using var timer = new PeriodicTimer(Interval, _clock);
        var registry = _grains.GetGrain<ISinkRegistryGrain>(0);
        try
        {
            do
            {
                await ReadAsync(registry);
            }
            while (await timer.WaitForNextTickAsync(_end.Token));
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    private async Task ReadAsync(ISinkRegistryGrain registry)
    {
        try
        {
            if (await registry.ReadAsync(_version) is not { } list)
            {
                return;
            }

            foreach (var ended in list.Ended)
            {
                _directory.End(ended);
            }

            foreach (var live in list.Live)
            {
                _directory.Begin(live.Sink, live.Observer);
            }

            _version = list.Version;
            _loaded.TrySetResult();
        }
        catch (Exception e)
        {
            Log.NotRead(_logger, e);
        }
    }

    /// <summary>Event ids 1400 to 1409 belong to this class.</summary>
    private static partial class Log
    {
        [LoggerMessage(1400, LogLevel.Warning, "The list of sinks could not be read; trying again.")]
        public static partial void NotRead(ILogger logger, Exception exception);
    }
}
