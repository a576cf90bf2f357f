using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Presence.Grains.Sinks;

/// <summary>
/// Takes the batches of all silos, passes on what is new, and sees to what is missing: a gap is replayed by the silo that sent it, and
/// what cannot be replayed is asked of the owners again.
/// </summary>
internal sealed partial class SinkFeed(
    IGrainFactory grains, SinkIdentity identity, ISinkListener listener, TimeProvider clock, ILogger<SinkFeed> logger)
    : IDisposable
{
    /// <summary>Silence of one silo, which sends at least once a second, after which its users are asked for elsewhere.</summary>
    public static readonly TimeSpan SiloSilence = TimeSpan.FromSeconds(3);

    /// <summary>A silo that was never heard has to learn of this sink first.</summary>
    private static readonly TimeSpan FirstSilence = TimeSpan.FromSeconds(8);

    private readonly CancellationTokenSource _end = new();
    private volatile ConcurrentDictionary<SiloLife, SiloFeed> _silos = new();
    private long _lastHeard;

    /// <summary>Whether every silo that is expected has been heard.</summary>
    public bool HearsAll => _silos.All(pair => pair.Value.IsHeard);

    /// <summary>For how long nothing has come from any silo; zero before the first is expected.</summary>
    public TimeSpan Silence => _lastHeard == 0 ? TimeSpan.Zero : clock.GetElapsedTime(Volatile.Read(ref _lastHeard));

    /// <summary>The silos that are expected, and since when each was not heard.</summary>
    public IEnumerable<(SiloLife Silo, TimeSpan Silence)> Silos =>
        _silos.Select(pair => (pair.Key, clock.GetElapsedTime(pair.Value.LastHeard)));

    /// <summary>Hears the life that is now: what comes when it is over must not pass for a batch of the next, which counts anew.</summary>
    public IPresenceSink Hear() => new Hearing(this, _silos);

    /// <summary>The silos that are there now. One that is gone without a word is recovered; a new one has to be heard in time.</summary>
    public void Expect(IReadOnlyCollection<SiloLife> silos)
    {
        if (_lastHeard == 0 && silos.Count > 0)
        {
            _lastHeard = clock.GetTimestamp();
        }

        foreach (var silo in silos)
        {
            Of(_silos, silo);
        }

        foreach (var (silo, feed) in _silos)
        {
            if (!silos.Contains(silo) && _silos.TryRemove(silo, out _))
            {
                // Its users are asked for only now: before, one that stops in order would answer once more itself.
                Lose(feed, isSilent: !feed.HasEnded);
            }
        }
    }

    /// <summary>Looks for silos that have fallen silent. Call it every half second.</summary>
    public void Check()
    {
        foreach (var (_, feed) in _silos)
        {
            if (clock.GetElapsedTime(feed.LastHeard) <= (feed.IsHeard ? SiloSilence : FirstSilence))
            {
                // Heard again: its next silence counts.
                feed.IsLost = false;
            }
            else if (!feed.HasEnded)
            {
                Lose(feed, isSilent: true);
            }
        }
    }

    /// <summary>This process did not run for a while: the silence up to now was its own, and that of each silo counts from here.</summary>
    public void ForgetSilence()
    {
        var now = clock.GetTimestamp();
        Volatile.Write(ref _lastHeard, _lastHeard == 0 ? 0 : now);
        foreach (var (_, feed) in _silos)
        {
            feed.LastHeard = now;
        }
    }

    /// <summary>A new life begins: every silo counts anew.</summary>
    public void Reset() => _silos = new();

    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
    }

    private void Take(SiloFeed feed, SinkBatch batch)
    {
        lock (feed)
        {
            feed.LastHeard = _lastHeard = clock.GetTimestamp();
            var arrival = feed.Sequence.Arrive(batch.Sequence);
            if (arrival == Arrival.Doubled)
            {
                return;
            }

            foreach (var sinkEvent in batch.Events)
            {
                listener.Deliver(sinkEvent, feed.Silo);
            }

            if (arrival == Arrival.AfterGap && !feed.IsRepairing)
            {
                feed.IsRepairing = true;
                _ = RepairAsync(feed, identity.Life);
            }

            feed.HasEnded |= batch.IsLast;
        }
    }

    private SiloFeed Of(ConcurrentDictionary<SiloLife, SiloFeed> silos, SiloLife silo) =>
        silos.GetOrAdd(silo, static (silo, now) => new(silo, now), clock.GetTimestamp());

    private void Lose(SiloFeed feed, bool isSilent)
    {
        lock (feed)
        {
            if (feed.IsLost)
            {
                return;
            }

            feed.IsLost = true;
        }

        Log.SiloSilent(logger, feed.Silo.Address);
        _ = RecoverAsync(feed, isSilent);
    }

    private sealed class Hearing(SinkFeed feed, ConcurrentDictionary<SiloLife, SiloFeed> silos) : IPresenceSink
    {
        public ValueTask DeliverAsync(SinkBatch batch)
        {
            if (silos == feed._silos)
            {
                feed.Take(feed.Of(silos, batch.Silo), batch);
            }

            return ValueTask.CompletedTask;
        }
    }
}
