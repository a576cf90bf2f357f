using Presence.Grains;
using Xunit;

namespace Presence.Gateway.Tests.Delivery;

/// <summary>A user who is not shown to all alike.</summary>
public sealed class ViewersTests : IDisposable
{
    private readonly UsersFixture _gateway = new(windowMs: 0);

    private FakeOwnerGrain Alice => _gateway.Owners.Of("alice");

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public async Task Classes_EachHearsItsOwnView()
    {
        Set("carol", ViewerClass.Contact);
        Set("bob", ViewerClass.Blocked);
        Show(Restricted(version: 5, policy: 1), strangers: 4, contacts: 5);
        var (stranger, carol, bob) = (await WatchAsync("x"), await WatchAsync("carol"), await WatchAsync("bob"));

        Happen(Restricted(version: 6, policy: 1), strangers: 4, contacts: 6);
        Happen(Restricted(version: 7, policy: 1), strangers: 7, contacts: 7);

        Assert.Equal([7], await stranger.VersionsAsync());
        Assert.Equal([6, 7], await carol.VersionsAsync());
        Assert.Empty(await bob.VersionsAsync());
    }

    [Fact]
    public async Task Strangers_AreShownTheirViewThoughNobodyAskedAsOne()
    {
        Show(Restricted(version: 5, policy: 1), strangers: 4, contacts: 5);
        Assert.Equal(UserPresence.Nobody("alice"), Entry.ShownToStrangers);

        await _gateway.Users.EnsureShownToStrangersAsync(Entry);

        Assert.Equal(4, Entry.ShownToStrangers.Version);
        Assert.Empty(Assert.Single(Alice.Questions));
        Happen(Restricted(version: 6, policy: 1, PresenceStatus.Busy), strangers: 6, contacts: 6);
        Assert.Equal((6, PresenceStatus.Busy), (Entry.ShownToStrangers.Version, Entry.ShownToStrangers.Status));
        Happen(UsersFixture.Shows(7) with { Policy = 2 });
        await _gateway.Users.EnsureShownToStrangersAsync(Entry);
        Assert.Equal(7, Entry.ShownToStrangers.Version);
        Assert.Single(Alice.Questions);
    }

    [Fact]
    public async Task Policy_Changes_AllAreAskedForAtOnceAndOnlyWhoLosesOrGainsHears()
    {
        Show(UsersFixture.Shows(5));
        var (bob, carol) = (await WatchAsync("bob"), await WatchAsync("carol"));
        Set("bob", ViewerClass.Blocked);

        Happen(Restricted(version: 6, policy: 1), strangers: 6, contacts: 6);

        Assert.Equal([6], await bob.VersionsAsync());
        Assert.Empty(await carol.VersionsAsync());
        Assert.Equal(["bob", "carol"], Assert.Single(Alice.Questions).Order());
        Assert.Equal(UserPresence.Nobody("alice"), Entry.ShownTo("bob"));

        Happen(Restricted(version: 7, policy: 1, PresenceStatus.Busy), strangers: 7, contacts: 7);
        Assert.Equal([6], await bob.VersionsAsync());
        Assert.Equal([7], await carol.VersionsAsync());

        Happen(UsersFixture.Shows(8, PresenceStatus.Busy) with { Policy = 2 });
        Assert.Equal([6, 8], await bob.VersionsAsync());
        Assert.Equal([7], await carol.VersionsAsync());
    }

    [Fact]
    public async Task Policy_WhileTheOwnerIsAsked_NobodyHearsOrSeesAnything()
    {
        Show(UsersFixture.Shows(5));
        var carol = await WatchAsync("carol");
        var answer = new TaskCompletionSource();
        Alice.Gate = answer.Task;

        Happen(Restricted(version: 6, policy: 1), strangers: 6, contacts: 6);
        Happen(Restricted(version: 7, policy: 1, PresenceStatus.Busy), strangers: 7, contacts: 7);

        Assert.Empty(await carol.VersionsAsync());
        Assert.Equal(UserPresence.Nobody("alice"), Entry.ShownTo("carol"));
        answer.SetResult();
        Assert.True(SpinWait.SpinUntil(() => Entry.ShownTo("carol").Status == PresenceStatus.Busy, TimeSpan.FromSeconds(20)));
        Assert.Equal([7], await HeardAsync(carol));
    }

    [Fact]
    public async Task Policy_WhileTheUserLooksOffline_NobodyHearsAnything()
    {
        Show(UsersFixture.Shows(5, PresenceStatus.Offline));
        var (bob, carol) = (await WatchAsync("bob"), await WatchAsync("carol"));
        Set("bob", ViewerClass.Blocked);

        Happen(Restricted(version: 5, policy: 1, PresenceStatus.Offline), strangers: 5, contacts: 5);
        Assert.Equal(UserPresence.Nobody("alice"), Entry.ShownTo("bob"));
        Happen(UsersFixture.Shows(5, PresenceStatus.Offline) with { Policy = 2 });

        Assert.Empty(await bob.VersionsAsync());
        Assert.Empty(await carol.VersionsAsync());
    }

    [Fact]
    public async Task Question_WithoutAnAnswer_IsAskedAgain()
    {
        Show(UsersFixture.Shows(5));
        var bob = await WatchAsync("bob");
        Alice.FailingQuestions = 2;
        Set("bob", ViewerClass.Blocked);

        Happen(Restricted(version: 6, policy: 1), strangers: 6, contacts: 6);
        Assert.Empty(await bob.VersionsAsync());
        _gateway.Advance(2200);

        Assert.Equal([6], await bob.VersionsAsync());
        Assert.Equal(3, Alice.Questions.Count);
    }

    [Fact]
    public async Task Update_ThatWaitsForItsWindow_DoesNotOutliveAShutOut()
    {
        using var slow = new UsersFixture(windowMs: 250);
        slow.Owners.Of("alice").Shown = UsersFixture.Shows(5);
        var entry = slow.Users.Get("alice");
        await slow.Users.EnsureShownAsync(entry, "bob");
        var bob = slow.Subscribe(version: 5, viewer: "bob");
        entry.Accept(UsersFixture.Shows(6, PresenceStatus.Busy), null);
        entry.Accept(UsersFixture.Shows(7, PresenceStatus.Offline), null);
        slow.Owners.Of("alice").Classes["bob"] = ViewerClass.Blocked;

        var hidden = Restricted(version: 7, policy: 1, PresenceStatus.Offline);
        (slow.Owners.Of("alice").Shown, slow.Owners.Of("alice").Views) = (hidden, new(hidden, hidden));
        entry.Accept(hidden, null, new(hidden, hidden));
        slow.Advance(1000);

        Assert.Equal([6, 7], await bob.VersionsAsync());
    }

    private Presence.Gateway.Delivery.UserEntry Entry => _gateway.Users.Get("alice");

    private static UserPresence Restricted(long version, int policy, PresenceStatus status = PresenceStatus.Online) =>
        UsersFixture.Shows(version, status) with { Policy = policy, Shown = Shown.ByClass };

    private void Set(string viewer, ViewerClass kind) => Alice.Classes[viewer] = kind;

    private void Show(UserPresence all, long strangers = 0, long contacts = 0)
    {
        Alice.Shown = all;
        Alice.Views = all.Shown == Shown.ToAll ? null : new(all with { Version = strangers }, all with { Version = contacts });
    }

    private void Happen(UserPresence all, long strangers = 0, long contacts = 0)
    {
        Show(all, strangers, contacts);
        _gateway.Users.Deliver(new("alice", all, null, Alice.Views), FakeOwnerGrain.Silo);
    }

    /// <summary>What a reader has heard, once that is anything: an owner's answer is taken on a thread of its own.</summary>
    private static async Task<List<long>> HeardAsync(UsersFixture.Reader reader)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            if (await reader.VersionsAsync() is { Count: > 0 } versions)
            {
                return versions;
            }

            patience.Token.ThrowIfCancellationRequested();
        }
    }

    private async Task<UsersFixture.Reader> WatchAsync(string viewer)
    {
        await _gateway.Users.EnsureShownAsync(Entry, viewer);
        return _gateway.Subscribe(Entry.ShownTo(viewer).Version, viewer: viewer);
    }
}
