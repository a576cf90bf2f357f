using Xunit;

namespace Presence.Grains.Tests;

/// <summary>Whom a user shows itself to, through the grain.</summary>
[Collection(ClusterFixture.Shared.Name)]
public class PrivacyTests(ClusterFixture cluster)
{
    private readonly string _id = Guid.NewGuid().ToString("N");

    private string UserId => $"user {_id}";

    private string Watcher => $"watcher {_id}";

    private IUserPresenceGrain User => cluster.User(UserId);

    private IUserSelfGrain Self => cluster.Cluster.Client.GetGrain<IUserSelfGrain>(UserId);

    [Fact]
    public async Task Block_GatewaysHearThatThePolicyIsAnotherAndGetTheClasses()
    {
        await ConnectAsync();
        cluster.Sinks.Begin(Watcher, observer: null);
        var before = (await User.WatchAsync(Watcher, known: 0)).Presence!;

        Assert.Equal(new(Refusal.None, 1), await Self.ChangeListAsync(UserList.Blocked, ListAct.Add, ["bob", "bob", UserId]));

        var change = await cluster.Transport.WaitAsync<PresenceChanged>(Watcher, e => e.UserId == UserId && e.Public?.Policy == 1);
        Assert.Equal((before.Version + 1, Shown.ByClass), (change.Public!.Version, change.Public.Shown));
        var answer = await User.ClassifyAsync(["bob", "carol"]);
        Assert.Equal([ViewerClass.Blocked, ViewerClass.Stranger], answer.Classes);
        Assert.Equal((change.Public, change.Views), (answer.Presence, answer.Views));
    }

    [Fact]
    public async Task Policy_OfAUserOutOfSight_IsToldToEverySinkThatLives()
    {
        await Self.SetMetadataAsync("""{"a":1}""");
        cluster.Sinks.Begin(Watcher, observer: null);
        await cluster.Cluster.DeactivateAsync(User);

        await Self.SetPrivacyAsync(new(Audience.Contacts, null, null));

        var change = await cluster.Transport.WaitAsync<PresenceChanged>(Watcher, e => e.UserId == UserId);
        Assert.Equal((0, Shown.ByClass | Shown.Unlisted), (change.Public!.Version, change.Public.Shown));
    }

    [Fact]
    public async Task PolicyAndLists_AfterTheGrainLeftMemory_AreThere()
    {
        await Self.SetPrivacyAsync(new(null, Audience.Contacts, null));
        await Self.ChangeListAsync(UserList.Contacts, ListAct.Set, ["carol"]);
        var before = await User.ClassifyAsync(["carol", "bob"]);

        await cluster.Cluster.DeactivateAsync(User);

        Assert.Equal(new(Audience.Everyone, Audience.Contacts, Audience.Everyone), await Self.GetPrivacyAsync());
        var after = await User.ClassifyAsync(["carol", "bob"]);
        Assert.Equal([ViewerClass.Contact, ViewerClass.Stranger], after.Classes);
        Assert.Equal(before.Presence.Policy, after.Presence.Policy);
    }

    [Fact]
    public async Task Crash_BetweenTheListsAndThePolicy_IsMadeGoodWhenTheListsAreRead()
    {
        await ConnectAsync();
        cluster.Sinks.Begin(Watcher, observer: null);
        await User.WatchAsync(Watcher, known: 0);
        var writes = 0;
        cluster.Storage.BeforeWrite[UserId] = () => ++writes == 2 ? throw new IOException("The disk is full.") : Task.CompletedTask;

        await Assert.ThrowsAsync<PresenceUnavailableException>(() => Self.ChangeListAsync(UserList.Blocked, ListAct.Add, ["bob"]).AsTask());
        Assert.Equal(Shown.ToAll, (await User.GetAsync()).Shown);

        var answer = await User.ClassifyAsync(["bob"]);
        Assert.Equal((ViewerClass.Blocked, Shown.ByClass), (Assert.Single(answer.Classes), answer.Presence.Shown));
        await cluster.Transport.WaitAsync<PresenceChanged>(Watcher, e => e.UserId == UserId && e.Public?.Shown == Shown.ByClass);
    }

    [Fact]
    public async Task Classify_OfAStranger_StoresNothing()
    {
        var answer = await User.ClassifyAsync(["bob"]);

        Assert.Equal(UserPresence.Nobody(UserId), answer.Presence);
        Assert.Null(answer.Views);
        Assert.False(cluster.Storage.Has(User));
    }

    [Fact]
    public async Task List_LongerThanAllowed_IsRefusedAndStaysAsItWas()
    {
        await Self.ChangeListAsync(UserList.Contacts, ListAct.Set, ["carol"]);

        var tooMany = await Self.ChangeListAsync(UserList.Contacts, ListAct.Set, [.. Enumerable.Range(0, 10_001).Select(i => $"{i}")]);

        Assert.Equal(new(Refusal.ListTooLong, 1), tooMany);
        Assert.Equal([ViewerClass.Contact], (await User.ClassifyAsync(["carol"])).Classes);
    }

    [Fact]
    public async Task Activity_AtItsEnd_WatchersHearWithoutACall()
    {
        await ConnectAsync();
        cluster.Sinks.Begin(Watcher, observer: null);
        await User.WatchAsync(Watcher, known: 0);

        await Self.SetActivityAsync($"c1 {_id}", """{"type":"typing"}""", TimeSpan.FromMilliseconds(300));

        var begins = await cluster.Transport.WaitAsync<PresenceChanged>(Watcher, e => e.Public?.Said is not null);
        var ends = await cluster.Transport.WaitAsync<PresenceChanged>(Watcher, e => e.Public?.Version == begins.Public!.Version + 1);
        Assert.Null(ends.Public!.Said);
    }

    [Fact]
    public async Task SignOut_TheGatewayHearsOfEachConnectionAndTheUserIsGone()
    {
        await ConnectAsync();

        Assert.Equal(1, await Self.SignOutAsync());

        await cluster.Transport.WaitAsync<ConnectionSignedOut>($"life {_id}", e => e.ConnectionId == $"c1 {_id}");
        Assert.Equal(PresenceStatus.Offline, (await User.GetAsync()).Status);
        Assert.False(cluster.Sessions.Has($"life {_id}", UserId));
    }

    private ValueTask<ConnectResult> ConnectAsync() =>
        User.ConnectAsync(new($"c1 {_id}", $"life {_id}", new("device", DeviceType.Web, null)));
}
