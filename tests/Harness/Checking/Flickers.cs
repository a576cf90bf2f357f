using static Presence.Harness.Checking.Checker;

namespace Presence.Harness.Checking;

/// <summary>P3: who is back within grace was never offline, and nobody is offline before grace is over.</summary>
internal static class Flickers
{
    public static IEnumerable<Violation> Find(History history, Bounds bounds) =>
        from user in history.Users
        where !history.Choices.IsEverInvisible(user)
        from gap in history.GapsOf(user)
        where !gap.IsClean
        let grace = gap.LastHeard + bounds.Grace - bounds.Slack

        // Before, an offline of an earlier time may still be on its way.
        let begin = Max(gap.LastHeard, gap.Since + bounds.Delivery)
        let end = gap.To < grace ? gap.To.Value + bounds.Delivery : grace
        from seen in history.SeenOf(user)
        where seen.IsOffline && seen.At >= begin && seen.At <= end && !bounds.IsInWindow(seen.At)
        select new Violation("P3", $"{user} is lost at {At(gap.LastHeard)}{Return(gap)}, {seen.Client} is shown offline at {At(seen.At)}");

    private static string Return(Gap gap) => gap.To is { } back ? $" and back at {At(back)}" : "";

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
