using Xunit;

namespace Presence.Grains.Tests;

[Collection(ClusterFixture.Shared.Name)]
public class LobbyGrainTests(ClusterFixture cluster)
{
    private readonly RoomFixture _users = new(cluster);

    private ILobbyGrain Lobby => cluster.Cluster.Client.GetGrain<ILobbyGrain>(0);

    [Fact]
    public async Task Online_FollowsWhatEveryoneMaySee()
    {
        var ada = _users.UserId("ada");
        await _users.ConnectAsync("ada", "device", _users.ConnectionId("ada"));
        Assert.True(cluster.Online.Has(ada));
        await _users.SetStatusAsync("ada", PresenceStatus.Invisible);
        Assert.False(cluster.Online.Has(ada));
        await _users.SetStatusAsync("ada", PresenceStatus.Busy);
        Assert.True(cluster.Online.Has(ada));

        await cluster.Online.RemoveAsync(ada);
        await cluster.Cluster.DeactivateAsync(cluster.User(ada));
        await cluster.User(ada).GetAsync();
        Assert.True(cluster.Online.Has(ada), "An activation puts its user on the list again.");

        await _users.DisconnectAsync("ada");
        Assert.False(cluster.Online.Has(ada));
    }

    [Fact]
    public async Task Online_WhoBlocksSomebody_IsNotOnTheListUntilNobodyIsBlocked()
    {
        var ada = _users.UserId("ada");
        var self = cluster.Cluster.Client.GetGrain<IUserSelfGrain>(ada);
        await _users.ConnectAsync("ada", "device", _users.ConnectionId("ada"));

        await self.ChangeListAsync(UserList.Blocked, ListAct.Add, ["bob", "carol"]);
        Assert.False(cluster.Online.Has(ada));
        await self.ChangeListAsync(UserList.Blocked, ListAct.Remove, ["bob"]);
        await cluster.Cluster.DeactivateAsync(cluster.User(ada));
        await cluster.User(ada).GetAsync();
        Assert.False(cluster.Online.Has(ada), "An activation puts nobody on the list who blocks somebody.");

        await self.ChangeListAsync(UserList.Blocked, ListAct.Set, []);
        await Poll.UntilAsync(() => cluster.Online.Has(ada));
        await _users.DisconnectAsync("ada");
    }

    [Fact]
    public async Task Attached_HearsWhoComesAndGoesInConsecutiveVersions()
    {
        var ada = _users.UserId("ada");
        var snapshot = await Lobby.AttachAsync(_users.Watcher, -1);
        Assert.DoesNotContain(ada, snapshot!.Users);

        await _users.ConnectAsync("ada", "device", _users.ConnectionId("ada"));
        await cluster.Transport.WaitAsync<LobbyChanged>(_users.Watcher, e => e.Joined.Contains(ada));
        await _users.DisconnectAsync("ada");
        await cluster.Transport.WaitAsync<LobbyChanged>(_users.Watcher, e => e.Left.Contains(ada));

        var changes = cluster.Transport.Events<LobbyChanged>(_users.Watcher);
        Assert.Equal(Enumerable.Range(1, changes.Length).Select(n => snapshot.Version + n), changes.Select(change => change.Version));
        await Lobby.DetachAsync(_users.Watcher);
    }

    [Fact]
    public async Task Attach_NothingIsNew_SaysSo()
    {
        var first = await Lobby.AttachAsync(_users.Watcher, -1);

        LobbySnapshot? again = first;
        await Poll.UntilAsync(() => (again = Lobby.AttachAsync(_users.Watcher, again?.Version ?? first!.Version).AsTask().Result) is null);

        await Lobby.DetachAsync(_users.Watcher);
    }
}
