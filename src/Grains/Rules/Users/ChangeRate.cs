namespace Presence.Grains.Rules.Users;

/// <summary>A token bucket in one number: full with N changes, refilled evenly over 10 s.</summary>
/// <remarks>
/// The number is the time until which the changes so far use the rate up, in ticks: each change adds its share of the 10 s, and none may
/// reach further than 10 s ahead. Kept in memory only.
/// </remarks>
internal static class ChangeRate
{
    private const long Window = 10 * TimeSpan.TicksPerSecond;

    /// <summary>The number after one more change.</summary>
    public static long Use(long usedUntil, long now, int maxPer10s) => Math.Max(usedUntil, now) + (Window / maxPer10s);

    /// <summary>How long that change has to wait; zero when it may happen now.</summary>
    public static TimeSpan Wait(long usedUntil, long now, int maxPer10s) =>
        TimeSpan.FromTicks(Math.Max(0, Use(usedUntil, now, maxPer10s) - now - Window));
}
