namespace Presence.Grains;

/// <summary>How the grains of a silo treat a store that does not answer.</summary>
/// <param name="IsBridged">
/// True: users who are in memory go on without it, and are stored when it is back (docs/decisions/0006-store-outage.md). False: what cannot be
/// stored is refused.
/// </param>
public sealed record StoreOutage(bool IsBridged);

/// <summary>
/// Whether the store answers, as far as this silo knows. While it does not, one attempt a second finds out whether it does again, and
/// nobody else waits for it.
/// </summary>
internal sealed class StoreGate(StoreOutage outage, TimeProvider clock)
{
    private static readonly TimeSpan AttemptInterval = TimeSpan.FromSeconds(1);

    /// <summary>A little longer than the store's own time-out: no turn waits for a store whose client does not give up.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.2);

    private long _nextAttempt;

    public bool IsBridged => outage.IsBridged;

    /// <summary>Whether the store is expected to answer. While it is not, whoever can go on without it does, and leaves the attempts to others.</summary>
    public bool IsOpen => Volatile.Read(ref _nextAttempt) == 0;

    /// <summary>Whether to try the store now.</summary>
    public bool TryEnter()
    {
        var next = Volatile.Read(ref _nextAttempt);
        return next == 0
            || (clock.GetTimestamp() >= next && Interlocked.CompareExchange(ref _nextAttempt, Next(), next) == next);
    }

    /// <summary>Gives up a write that takes too long where users can go on without it: it may still land.</summary>
    /// <exception cref="TimeoutException">It was given up.</exception>
    public Task Bound(Task write) => outage.IsBridged ? write.WaitAsync(Patience, clock) : write;

    public void Succeeded() => Volatile.Write(ref _nextAttempt, 0);

    public void Failed() => Volatile.Write(ref _nextAttempt, outage.IsBridged ? Next() : 0);

    private long Next() => clock.GetTimestamp() + (long)(AttemptInterval.TotalSeconds * clock.TimestampFrequency);
}
