namespace Presence.Gateway.Connections;

/// <summary>Messages a connection may send: so many a second, twice as many at once. Times in milliseconds.</summary>
internal struct MessageBudget(int perSecond)
{
    private const int BurstSeconds = 2;

    private readonly double _interval = 1000.0 / perSecond;
    private double _paidUntil;

    /// <summary>Takes one message.</summary>
    /// <returns>Zero when it is allowed, else how long to wait.</returns>
    public TimeSpan Take(long now)
    {
        var start = Math.Max(_paidUntil, now);
        var wait = start + _interval - now - (BurstSeconds * 1000);
        if (wait > 0)
        {
            return TimeSpan.FromMilliseconds(wait);
        }

        _paidUntil = start + _interval;
        return TimeSpan.Zero;
    }
}

/// <summary>
/// Errors a connection may cause in 60 s: 10, before it has authenticated 5. What is refused only for its rate counts by itself, up to 100: a
/// burst is a mistake, going on is abuse.
/// </summary>
internal struct ErrorBudget
{
    private const int WindowMs = 60_000;
    private const int Max = 10;
    private const int MaxUnauthenticated = 5;
    private const int MaxRefusals = 100;

    private long _windowEnds;
    private int _count;
    private int _refusals;

    /// <summary>Counts one error.</summary>
    /// <returns>Whether the connection has had too many.</returns>
    public bool IsExceeded(long now, bool isAuthenticated)
    {
        Turn(now);
        return ++_count > (isAuthenticated ? Max : MaxUnauthenticated);
    }

    /// <summary>Counts one message of an authenticated connection that came too soon.</summary>
    /// <returns>Whether the connection has had too many.</returns>
    public bool IsAbused(long now)
    {
        Turn(now);
        return ++_refusals > MaxRefusals;
    }

    private void Turn(long now)
    {
        if (now >= _windowEnds)
        {
            (_windowEnds, _count, _refusals) = (now + WindowMs, 0, 0);
        }
    }
}
