namespace Presence.Harness.Checking;

/// <summary>Holds a record against the promises that hold in every fault.</summary>
/// <remarks>
/// P1 no ghost · P2 nobody who is connected is shown offline · P3 no flicker within grace · P4 the last confirmed choice is what
/// everybody holds · P5 versions never fall · P6 all gateways and all subscribers agree.
/// </remarks>
public static class Checker
{
    private const int MaxShown = 20;

    /// <summary>Every promise about what happened on the way: P1, P2, P3 and P5.</summary>
    public static IReadOnlyList<Violation> CheckWay(History history, Bounds bounds) =>
        [.. Ghosts.Find(history, bounds), .. Offlines.Find(history, bounds), .. Flickers.Find(history, bounds), .. Versions.Find(history)];

    /// <summary>Every promise about the state in the end: P4 and P6.</summary>
    /// <param name="history">Up to now, after the last change was made.</param>
    /// <param name="bounds">Of the test.</param>
    /// <param name="answers">What each gateway says of each user.</param>
    public static IReadOnlyList<Violation> CheckEnd(History history, Bounds bounds, IReadOnlyList<Answer> answers) =>
        [.. Finals.Find(history, bounds), .. Agreement.Find(history, bounds, answers)];

    /// <summary>Fails with the broken promises.</summary>
    public static void AssertNone(IReadOnlyList<Violation> violations) => Assert.True(
        violations.Count == 0,
        $"{violations.Count} promises broken:\n{string.Join('\n', violations.Take(MaxShown))}{(violations.Count > MaxShown ? "\n..." : "")}");

    internal static string At(TimeSpan at) => $"{at.TotalSeconds:0.000} s";
}
