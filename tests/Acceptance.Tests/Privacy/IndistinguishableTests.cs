namespace Presence.Acceptance.Tests.Privacy;

/// <summary>
/// Somebody who hides, who blocks, who is invisible or not there gives a stranger the very same bytes, on every way there is, as a name
/// that nobody ever had. The same comparison is shown to notice what is shown, way by way.
/// </summary>
public sealed class IndistinguishableTests(PrivacyServer privacy) : IClassFixture<PrivacyServer>
{
    private static readonly TimeSpan Noticeable = TimeSpan.FromMilliseconds(20);

    private readonly string _spyId = Names.New("spy");

    public static TheoryData<string> Subjects { get; } =
        ["hidden", "for contacts", "blocker", "invisible", "offline", "hidden and gone", "blocker and gone"];

    /// <summary>Somebody who shows something, and the ways that tell of it.</summary>
    public static TheoryData<string, string[]> Leaks { get; } = new()
    {
        { "seen once", ["after", "http", "known", "lists"] },
        { "last seen hidden only", ["after", "http", "known", "lists"] },
        { "listed in the room", ["room asked", "room by http", "room heard", "typing"] },
        { "open to all", [.. Spy.Ways.Except(["explain"])] },
    };

    [Theory]
    [MemberData(nameof(Subjects))]
    public async Task Subject_ToAStranger_IsLikeSomebodyWhoNeverWas(string kind)
    {
        var (never, seen) = await LookAsync(kind);

        Assert.All(Spy.Ways, way => Assert.Equal($"{way}: {never[way]}", $"{way}: {seen[way]}"));
    }

    [Theory]
    [MemberData(nameof(Leaks))]
    public async Task Leak_OnSomeWays_IsNoticedOnEachOfThem(string kind, string[] ways)
    {
        var (never, seen) = await LookAsync(kind);

        Assert.Equal(ways.Order(StringComparer.Ordinal), seen.Keys.Where(way => seen[way] != never[way]));
    }

    [Theory]
    [InlineData("hidden")]
    [InlineData("blocker")]
    [InlineData("invisible")]
    public async Task Answer_TakesAsLongAsForSomebodyWhoNeverWas(string kind)
    {
        await using var spy = await Spy.StartAsync(privacy.Server, _spyId);
        await using var subject = await Subject.MakeAsync(privacy.Server, kind, _spyId);
        var nobody = Names.New("s");

        await CompareAsync(21, spy.TimeOfListAsync, () => Task.FromResult((subject.Id, nobody)));
        await CompareAsync(21, spy.TimeOfSubscribeAsync, () => Task.FromResult((subject.Id, nobody)));
        await CompareAsync(21, spy.TimeOfCallAsync, () => Task.FromResult((subject.Id, nobody)));
        List<Subject> fresh = [];
        try
        {
            await CompareAsync(9, spy.TimeOfListAsync, async () =>
            {
                fresh.Add(await Subject.MakeAsync(privacy.Server, kind, _spyId));
                return (fresh[^1].Id, Names.New("s"));
            });
        }
        finally
        {
            await Task.WhenAll(fresh.Select(one => one.DisposeAsync().AsTask()));
        }
    }

    /// <summary>The medians of times that are taken in turn, so that a busy machine is as slow for the one as for the other.</summary>
    private static async Task CompareAsync(int count, Func<string, Task<TimeSpan>> timeAsync, Func<Task<(string Subject, string Nobody)>> choose)
    {
        List<TimeSpan> ofSubject = [], ofNobody = [];
        for (var i = 0; i < count; i++)
        {
            var (subject, nobody) = await choose();
            ofSubject.Add(await timeAsync(subject));
            ofNobody.Add(await timeAsync(nobody));
        }

        Assert.InRange(ofSubject.Order().ElementAt(count / 2) - ofNobody.Order().ElementAt(count / 2), -Noticeable, Noticeable);
    }

    private async Task<(SortedDictionary<string, string> Never, SortedDictionary<string, string> Seen)> LookAsync(string kind)
    {
        await using var spy = await Spy.StartAsync(privacy.Server, _spyId);
        var never = await spy.ObserveAsync(Names.New("s"), _ => Task.CompletedTask);
        await using var subject = await Subject.MakeAsync(privacy.Server, kind, _spyId);
        return (never, await spy.ObserveAsync(subject.Id, subject.ActAsync));
    }
}
