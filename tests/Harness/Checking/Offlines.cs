using static Presence.Harness.Checking.Checker;

namespace Presence.Harness.Checking;

/// <summary>P2: nobody with a connection that lives is shown offline, but for the windows that a fault names.</summary>
internal static class Offlines
{
    public static IEnumerable<Violation> Find(History history, Bounds bounds) =>
        from user in history.Users
        where !history.Choices.IsEverInvisible(user)
        from seen in history.SeenOf(user)
        where seen.IsOffline && !bounds.IsInWindow(seen.At)

        // What is seen may be as old as a change may take.
        where history.IsAlive(user, seen.At - bounds.Delivery, seen.At)
        select new Violation("P2", $"{user} is connected, {seen.Client} is shown offline at {At(seen.At)} (version {seen.Version})");
}
