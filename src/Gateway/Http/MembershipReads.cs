namespace Presence.Gateway.Http;

/// <summary>How the gateway of a cluster reads from Redis where the silos are, every two seconds. Registered only where there is a Redis.</summary>
internal sealed class MembershipReads
{
    private long _lastTicks = -1;

    /// <summary>How long the last read took; null before the first, and when the last one failed.</summary>
    public TimeSpan? Last
    {
        get => Interlocked.Read(ref _lastTicks) is >= 0 and var ticks ? TimeSpan.FromTicks(ticks) : null;
        set => Interlocked.Exchange(ref _lastTicks, value?.Ticks ?? -1);
    }
}
