namespace Presence.Harness.Checking;

/// <summary>P6: fresh answers of every gateway, what every subscriber holds, and the model are the same, and nobody is blind.</summary>
internal static class Agreement
{
    public static IEnumerable<Violation> Find(History history, Bounds bounds, IReadOnlyList<Answer> answers)
    {
        var byUser = answers.ToLookup(answer => answer.User);
        var found =
            from answer in answers
            let allowed = Finals.Allowed(history, bounds, answer.User)
            where !allowed.Contains(answer.Status)
            select $"{answer.Gateway} answers {Show(answer)}, not {string.Join(" or ", allowed)}";
        var apart =
            from user in byUser
            from answer in user
            where answer.Version != user.First().Version || answer.Status != user.First().Status || answer.LastSeen != user.First().LastSeen && answer.Status == "offline"
            select $"{user.First().Gateway} answers {Show(user.First())}, {answer.Gateway} {Show(answer)}";
        return found.Concat(apart).Concat(Holders(history, byUser)).Concat(Blind(history)).Select(what => new Violation("P6", what));
    }

    private static IEnumerable<string> Holders(History history, ILookup<string, Answer> byUser) =>
        from view in history.Views
        let held = history.HeldBy(view)
        where held is not null
        from answer in byUser[view.User].Take(1)
        where held.Status != answer.Status || held.Version != answer.Version
        select $"{view.Client} holds {view.User} {held.Status} in version {held.Version}, {answer.Gateway} answers {Show(answer)}";

    private static IEnumerable<string> Blind(History history) =>
        from view in history.Views
        where history.HeldBy(view) is not null && history.IsBlind(view.Client, view.User, history.End)
        select $"{view.Client} still takes what it holds of {view.User} for stale";

    private static string Show(Answer answer) => $"{answer.User} {answer.Status} in version {answer.Version}, last seen {answer.LastSeen:O}";
}
