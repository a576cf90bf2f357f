using Presence.Harness.Checking;

namespace Presence.Harness.Tests.Checking;

/// <summary>Each promise has errors planted that break it, and the checker must name just that promise.</summary>
public sealed class CheckerTests
{
    private static readonly Bounds Bounds = new()
    {
        Grace = TimeSpan.FromSeconds(3),
        OfflineAfterLoss = TimeSpan.FromSeconds(8),
        Delivery = TimeSpan.FromSeconds(1),
    };

    /// <summary>Ann comes, is busy, is lost at 20 and back at 22, and stays until 40. Wes watches from the first second on.</summary>
    private static readonly Entry[] Good =
    [
        new Connected(S(1), "wes", "wes"),
        new Seen(S(1.1), "wes", "ann", "offline", 0),
        new Connected(S(5), "ann", "ann"),
        new Seen(S(5), "ann", "ann", "online", 9, IsOwn: true),
        new Seen(S(5.1), "wes", "ann", "online", 5),
        new Chosen(S(10), "ann", "busy", 1),
        new Acknowledged(S(10.1), "ann", 1),
        new Seen(S(10.2), "wes", "ann", "busy", 6),
        new Ended(S(20), "ann", "ann", LastHeard: S(19.5)),
        new Connected(S(22), "ann", "ann"),
    ];

    /// <summary>Ann is lost at 30 and does not come back, Wes hears of it at 35.</summary>
    private static readonly Entry[] Lost =
    [
        .. Good,
        new Ended(S(30), "ann", "ann", LastHeard: S(30)),
        new Seen(S(35), "wes", "ann", "offline", 7),
    ];

    private static readonly Answer[] Answers = [.. from gateway in (string[])["gateway1", "gateway2"] select new Answer(S(40), gateway, "ann", "busy", 6)];

    private static readonly Answer[] LostAnswers = [.. Answers.Select(answer => answer with { Status = "offline", Version = 7 })];

    [Fact]
    public void Check_GoodRecord_BreaksNothing()
    {
        Assert.Empty(Check(Good, Answers));
        Assert.Empty(Check(Lost, LostAnswers));
    }

    [Fact]
    public void Ghost_NeverToldOffline_IsP1() => Breaks("P1", Without(Lost, 35), LostAnswers, alsoAtTheEnd: true);

    [Fact]
    public void Ghost_ToldTooLate_IsP1() => Breaks("P1", Replace(Lost, 35, new Seen(S(38.5), "wes", "ann", "offline", 7)), LostAnswers);

    [Fact]
    public void Ghost_ComesBackAsOne_IsP1() =>
        Breaks("P1", [.. Lost, new Seen(S(39), "wes", "ann", "busy", 8), new Seen(S(39.5), "wes", "ann", "offline", 9)], [.. LostAnswers.Select(a => a with { Version = 9 })]);

    [Fact]
    public void Ghost_LeftOnPurposeAndToldLate_IsP1() => Breaks(
        "P1", [.. Good, new Ended(S(30), "ann", "ann", S(30), IsClean: true), new Seen(S(32), "wes", "ann", "offline", 7)], LostAnswers);

    [Fact]
    public void Ghost_AtSomebodyWhoKnowsToBeBlind_IsNone() => Assert.Empty(Check(
        [.. Without(Lost, 35), new Blinded(S(31), "wes", null, IsStale: true), new Seen(S(39.4), "wes", "ann", "offline", 7), new Blinded(S(39.5), "wes", null, IsStale: false)],
        LostAnswers));

    [Fact]
    public void Offline_OfSomebodyConnected_IsP2() =>
        Breaks("P2", [.. Good, new Seen(S(30), "wes", "ann", "offline", 7), new Seen(S(31), "wes", "ann", "busy", 8)], [.. Answers.Select(a => a with { Version = 8 })]);

    [Fact]
    public void Offline_InsideANamedWindow_IsNone() => Assert.Empty(Check(
        [.. Good, new Seen(S(30), "wes", "ann", "offline", 7), new Seen(S(31), "wes", "ann", "busy", 8)],
        [.. Answers.Select(a => a with { Version = 8 })],
        Bounds with { Windows = [(S(29), S(30.5))] }));

    [Theory]
    [InlineData(21)]
    [InlineData(22.5)]
    public void Flicker_BackWithinGrace_IsP3(double at) => Breaks(
        "P3", [.. Good, new Seen(S(at), "wes", "ann", "offline", 7), new Seen(S(at + 0.1), "wes", "ann", "busy", 8)], [.. Answers.Select(a => a with { Version = 8 })]);

    [Fact]
    public void Flicker_OfflineBeforeGraceIsOver_IsP3() =>
        Breaks("P3", Replace(Lost, 35, new Seen(S(32), "wes", "ann", "offline", 7)), LostAnswers);

    [Fact]
    public void Final_ChoiceWasNeverTold_IsP4() => Breaks("P4", Without(Good, 10.2), [.. Answers.Select(a => a with { Version = 5 })], alsoAtTheEnd: true);

    [Fact]
    public void Final_ChoiceWasReverted_IsP4() => Breaks(
        "P4", [.. Good, new Seen(S(30), "wes", "ann", "online", 7)], [.. Answers.Select(a => a with { Version = 7 })], alsoAtTheEnd: true);

    [Fact]
    public void Final_ChoiceWithoutAnAnswer_MayHoldOrNot()
    {
        Entry[] record = [.. Good, new Chosen(S(30), "ann", "dnd", 2)];

        Assert.Empty(Check(record, Answers));
        Assert.Empty(Check([.. record, new Seen(S(31), "wes", "ann", "dnd", 7)], [.. Answers.Select(a => a with { Version = 7, Status = "dnd" })]));
    }

    [Fact]
    public void Versions_OneFalls_IsP5() => Breaks(
        "P5", [.. Good, new Seen(S(30), "wes", "ann", "online", 5), new Seen(S(30.1), "wes", "ann", "busy", 6)], Answers);

    [Fact]
    public void Versions_OneIsTwoStatuses_IsP5() => Breaks(
        "P5", [.. Good, new Connected(S(25), "zoe", "zoe"), new Seen(S(25), "zoe", "ann", "dnd", 6), new Seen(S(25.1), "zoe", "ann", "busy", 6)], Answers);

    [Fact]
    public void Agreement_OneGatewayIsBehind_IsP6() => Breaks("P6", Good, [Answers[0], Answers[1] with { Version = 5 }]);

    [Fact]
    public void Agreement_OneGatewayKnowsNobody_IsP6() => Breaks("P6", Good, [Answers[0], Answers[1] with { Version = 0, Status = "offline" }]);

    [Fact]
    public void Agreement_LastSeenDiffers_IsP6() => Breaks("P6", Lost, [LostAnswers[0], LostAnswers[1] with { LastSeen = DateTimeOffset.UnixEpoch }]);

    [Fact]
    public void Agreement_SubscriberIsBehind_IsP6() => Breaks("P6", Good, [.. Answers.Select(a => a with { Version = 8 })]);

    [Fact]
    public void Agreement_SubscriberIsLeftBlind_IsP6() => Breaks("P6", [.. Good, new Blinded(S(30), "wes", ["ann"], IsStale: true)], Answers);

    private static TimeSpan S(double seconds) => TimeSpan.FromSeconds(seconds);

    private static IReadOnlyList<Violation> Check(IEnumerable<Entry> record, Answer[] answers, Bounds? bounds = null)
    {
        var history = new History([.. record.OrderBy(entry => entry.At)], S(40));
        return [.. Checker.CheckWay(history, bounds ?? Bounds), .. Checker.CheckEnd(history, bounds ?? Bounds, answers)];
    }

    /// <summary>Just this promise is broken; at the end others may be as well, since they say the same of it in other words.</summary>
    private static void Breaks(string promise, IEnumerable<Entry> record, Answer[] answers, bool alsoAtTheEnd = false)
    {
        var broken = Check(record, answers).Select(violation => violation.Promise).ToHashSet();

        Assert.Contains(promise, broken);
        Assert.True(alsoAtTheEnd ? broken.IsSubsetOf([promise, "P4", "P6"]) : broken.Count == 1, string.Join(", ", broken));
    }

    private static Entry[] Without(Entry[] record, double at) => [.. record.Where(entry => entry.At != S(at))];

    private static Entry[] Replace(Entry[] record, double at, Entry by) => [.. Without(record, at), by];
}
