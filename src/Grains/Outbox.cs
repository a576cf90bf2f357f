using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Presence.Grains;

/// <summary>Gathers what the grains of this silo tell the sinks, and sends it in batches, each sink at its own pace.</summary>
internal sealed class Outbox : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    // A batch at least this often, be it empty: a sink sees that a batch is missing even when nothing else happens.
    private static readonly TimeSpan BeatInterval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, SinkPump> _pumps = new();
    private readonly ISinkDirectory _sinks;
    private readonly SinkPumpShared _shared;
    private readonly ITimer _beat;

    public Outbox(
        ISinkTransport transport,
        ISinkDirectory sinks,
        ILocalSiloDetails silo,
        TimeProvider clock,
        PresenceMetrics metrics,
        ILogger<Outbox> logger)
    {
        _sinks = sinks;
        Silo = silo.SiloAddress.ToLife();
        _shared = new(Silo, transport, clock, metrics, logger);
        _beat = clock.CreateTimer(static outbox => ((Outbox)outbox!).Beat(), this, BeatInterval, BeatInterval);
    }

    /// <summary>Whose outbox it is.</summary>
    public SiloLife Silo { get; }

    /// <summary>Never waits and never throws for the sake of a sink.</summary>
    /// <returns>False when the sink has ended: nobody hears this.</returns>
    public bool Enqueue(string sink, SinkEvent sinkEvent) => Pump(sink)?.Offer(sinkEvent) ?? false;

    /// <summary>What was sent to a sink of late; see <see cref="IOutboxGrain.ReplayAsync"/>.</summary>
    public SinkBatch[]? Replay(string sink, long from, long to) => _pumps.GetValueOrDefault(sink)?.Replay(from, to);

    /// <summary>A silo that stops in order says so: its sinks need not find out by its silence.</summary>
    public void Participate(ISiloLifecycle observer) => observer.Subscribe(
        nameof(Outbox), ServiceLifecycleStage.Active, _ => Task.CompletedTask, SayGoodbyeAsync);

    public void Dispose() => _beat.Dispose();

    private Task SayGoodbyeAsync(CancellationToken cancellationToken)
    {
        foreach (var (_, pump) in _pumps)
        {
            pump.SayGoodbye();
        }

        return Task.CompletedTask;
    }

    private SinkPump? Pump(string sink)
    {
        if (_pumps.TryGetValue(sink, out var pump))
        {
            return pump;
        }

        if (_sinks.HasEnded(sink))
        {
            return null;
        }

        // Whoever hears a batch of this silo may rely on it to know the sink: users who come online here are shown to it.
        _sinks.Begin(sink, observer: null);
        return _pumps.GetOrAdd(sink, static (sink, shared) => new(sink, shared), _shared);
    }

    private void Beat()
    {
        foreach (var sink in _sinks.Live)
        {
            Pump(sink);
        }

        foreach (var (sink, pump) in _pumps)
        {
            if (!_sinks.HasEnded(sink))
            {
                pump.Beat();
            }
            else if (_pumps.TryRemove(sink, out _))
            {
                pump.End();
            }
        }
    }
}
