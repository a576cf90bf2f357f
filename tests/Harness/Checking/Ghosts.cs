using static Presence.Harness.Checking.Checker;

namespace Presence.Harness.Checking;

/// <summary>P1: who is gone is shown offline to everybody within the bound, and stays so until the return.</summary>
internal static class Ghosts
{
    public static IEnumerable<Violation> Find(History history, Bounds bounds)
    {
        var views = history.Views.ToLookup(view => view.User);
        return
            from user in history.Users
            from gap in history.GapsOf(user)
            let deadline = gap.From + (gap.IsClean ? bounds.Delivery : bounds.OfflineAfterLoss)
            where (gap.To ?? history.End) > deadline
            from view in views[user]
            from what in FindIn(history, view, gap, deadline)
            select new Violation("P1", $"{user} is gone since {At(gap.From)}, {view.Client} {what}");
    }

    private static IEnumerable<string> FindIn(History history, (string Client, string User) view, Gap gap, TimeSpan deadline)
    {
        // What was held at the deadline, if it was shown on a connection that lived up to then.
        if (history.StayOfClient(view.Client, deadline) is { } stay
            && history.SeenBy(view).LastOrDefault(seen => seen.At >= stay.From && seen.At <= deadline) is { IsOffline: false } held
            && !history.IsBlind(view.Client, view.User, deadline))
        {
            yield return $"still holds {held.Status} of {At(held.At)} at {At(deadline)}";
        }

        foreach (var seen in history.SeenBy(view).Where(seen => seen.At > deadline && seen.At < (gap.To ?? history.End) && !seen.IsOffline))
        {
            yield return $"is shown {seen.Status} at {At(seen.At)}, after {At(deadline)}";
        }
    }
}
