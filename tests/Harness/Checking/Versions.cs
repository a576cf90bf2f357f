using static Presence.Harness.Checking.Checker;

namespace Presence.Harness.Checking;

/// <summary>P5: for one client the versions of a user never fall, and one version is one status for everybody.</summary>
internal static class Versions
{
    public static IEnumerable<Violation> Find(History history) => Falls(history).Concat(Doubles(history));

    private static IEnumerable<Violation> Falls(History history) =>
        from view in history.Entries.OfType<Seen>().GroupBy(seen => (seen.Client, seen.User, seen.IsOwn))
        from pair in view.Zip(view.Skip(1))
        where pair.Second.Version < pair.First.Version
        select new Violation(
            "P5", $"{view.Key.Client} is shown {view.Key.User} in version {pair.First.Version} at {At(pair.First.At)}, then in {pair.Second.Version} at {At(pair.Second.At)}");

    private static IEnumerable<Violation> Doubles(History history) =>
        from version in history.Entries.OfType<Seen>().GroupBy(seen => (seen.User, seen.Version, seen.IsOwn))
        let statuses = version.Select(seen => seen.Status).Distinct().ToList()
        where statuses.Count > 1
        select new Violation("P5", $"version {version.Key.Version} of {version.Key.User} is shown as {string.Join(" and ", statuses)}");
}
