using static Presence.Harness.Checking.Checker;

namespace Presence.Harness.Checking;

/// <summary>P4: what every subscriber holds in the end is what the model says.</summary>
internal static class Finals
{
    public static IEnumerable<Violation> Find(History history, Bounds bounds) =>
        from view in history.Views
        let held = history.HeldBy(view)
        where held is not null
        let allowed = Allowed(history, bounds, view.User)
        where !allowed.Contains(held.Status)
        select new Violation("P4", $"{view.Client} holds {view.User} as {held.Status} since {At(held.At)}, not as {string.Join(" or ", allowed)}");

    /// <summary>What a user may be shown as in the end.</summary>
    public static IReadOnlyList<string> Allowed(History history, Bounds bounds, string user)
    {
        if (history.IsAlive(user, history.End, history.End))
        {
            return history.Choices.Allowed(user);
        }

        var gone = history.GapsOf(user).LastOrDefault();
        var bound = gone is { IsClean: true } ? bounds.Delivery : bounds.OfflineAfterLoss;
        return gone is null || history.End > gone.From + bound ? ["offline"] : ["offline", .. history.Choices.Allowed(user)];
    }
}
