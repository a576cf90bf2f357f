using Xunit;

namespace Presence.Grains.Tests;

[Collection(ClusterFixture.Shared.Name)]
public class RoomGrainTests(ClusterFixture cluster)
{
    private readonly RoomFixture _room = new(cluster);

    [Fact]
    public async Task Join_ManyInOneWindow_EachSinkHearsAFewConsecutiveUpdates()
    {
        const int Members = 200;
        var snapshot = await _room.Grain.AttachAsync(_room.Watcher);
        await Task.WhenAll(Enumerable.Range(0, Members).Select(i => _room.JoinAsync($"user {i}")));

        var updates = await _room.UpdatesAsync(_room.Watcher, list => list.Sum(update => update.Joined.Length) == Members);

        Assert.InRange(updates.Count, 1, 20);
        Assert.Equal(Enumerable.Range(1, updates.Count).Select(n => snapshot.Version + n), updates.Select(update => update.Version));
        Assert.Equal(Members, updates.SelectMany(update => update.Joined).Select(member => member.UserId).Distinct().Count());
        Assert.Equal(updates[^1].Version, (await _room.Grain.GetAsync()).Version);
        Assert.Equal(Members, (await _room.Grain.GetAsync()).Count);
    }

    [Fact]
    public async Task Join_SinkIsAttached_AnswersWithoutARoster()
    {
        Assert.NotNull((await _room.JoinAsync("ada")).Snapshot);
        var receipt = await _room.JoinAsync("bob");

        Assert.Null(receipt.Snapshot);
        await _room.UpdatesAsync(_room.Life, list => list[^1].Version >= receipt.Version);
        Assert.Equal(["ada", "bob"], (await _room.Grain.GetAsync()).Members.Select(member => _room.NameOf(member.UserId)));
    }

    [Fact]
    public async Task Move_SeveralOfAGateway_AreOneTurnInTheirOrder()
    {
        await _room.Grain.AttachAsync(_room.Watcher);
        RoomMove[] moves =
            [Join("ada"), Join("bob"), new(_room.UserId("ada"), "device", Join: null), Join("carol"), new(_room.UserId("nobody"), "device", Join: null)];

        var receipt = await _room.Grain.MoveAsync(moves);

        Assert.NotNull(receipt.Snapshot);
        var updates = await _room.UpdatesAsync(_room.Life, list => list[^1].Version >= receipt.Version);
        Assert.Equal(["bob", "carol"], Assert.Single(updates).Joined.Select(member => _room.NameOf(member.UserId)));
        Assert.Null((await _room.Grain.MoveAsync([Join("dave")])).Snapshot);

        RoomMove Join(string name) => new(_room.UserId(name), "device", new(
            _room.UserId(name), "device", _room.Life, null, false, new(PresenceStatus.Online, PresenceStatus.Online, 1)));
    }

    [Fact]
    public async Task Status_OfAMember_ReachesTheRoomAsAnUpdate()
    {
        await _room.JoinAsync("ada");
        await _room.SetStatusAsync("ada", PresenceStatus.Busy);

        var updates = await _room.UpdatesAsync(_room.Life, list => list.Any(u => u.Updated.Length > 0));

        Assert.Equal(PresenceStatus.Busy, Assert.Single(updates[^1].Updated).Status);
        Assert.All(updates, update => Assert.Empty(update.Left));
        Assert.Single(updates, update => update.Joined.Length > 0);
    }

    [Fact]
    public async Task Invisible_IsNotListed_UnlessTheUserConsented()
    {
        await _room.JoinAsync("ada");
        await _room.JoinAsync("bob", isListed: true);
        await _room.SetStatusAsync("ada", PresenceStatus.Invisible);
        await _room.SetStatusAsync("bob", PresenceStatus.Invisible);
        await _room.UpdatesAsync(_room.Life, list => list.Any(u => u.Left.Length > 0));
        await _room.JoinAsync("carol", PresenceStatus.Invisible);

        var snapshot = await _room.Grain.GetAsync();

        Assert.Equal(("bob", PresenceStatus.Online), (_room.NameOf(Assert.Single(snapshot.Members).UserId), snapshot.Members[0].Status));
        Assert.Equal(1, snapshot.Count);
        await _room.SetStatusAsync("ada", PresenceStatus.Online);
        var back = await _room.UpdatesAsync(_room.Life, list => list.Any(u => u.Version > snapshot.Version && u.Joined.Length > 0));
        Assert.Equal("ada", _room.NameOf(back[^1].Joined.Single().UserId));
    }

    [Fact]
    public async Task Disconnect_OfTheLastDevice_TakesTheMemberOut()
    {
        await _room.JoinAsync("ada");
        await _room.JoinAsync("ada", device: "phone");
        await _room.DisconnectAsync("ada");
        await _room.JoinAsync("bob");
        var with = await _room.UpdatesAsync(_room.Life, list => list.Any(u => u.Joined.Any(m => _room.NameOf(m.UserId) == "bob")));
        Assert.All(with, update => Assert.Empty(update.Left));

        await _room.DisconnectAsync("ada", "phone");

        var updates = await _room.UpdatesAsync(_room.Life, list => list.Any(u => u.Left.Length > 0));
        Assert.Equal(_room.UserId("ada"), Assert.Single(updates[^1].Left));
    }

    [Fact]
    public async Task Reconnect_WithinGrace_IsSeenByNobody()
    {
        await _room.JoinAsync("ada");
        var before = await _room.Grain.GetAsync();
        await _room.ConnectAsync("ada", "device", "another connection");
        await _room.DisconnectAsync("ada");

        await _room.JoinAsync("bob");

        var updates = await _room.UpdatesAsync(_room.Life, list => list.Any(u => u.Joined.Any(m => _room.NameOf(m.UserId) == "bob")));
        Assert.Equal(before.Version + 1, updates[^1].Version);
        Assert.Equal(2, updates[^1].Count);
    }

    [Fact]
    public async Task GatewayLife_Ends_ItsMembersLeaveAfterTheGrace()
    {
        await _room.JoinAsync("ada");
        await _room.Grain.AttachAsync(_room.Watcher);
        await cluster.Gateway(_room.Life).BeatAsync(new(IsFirst: true, Observer: null));

        await cluster.Gateway(_room.Life).EndAsync();

        var updates = await _room.UpdatesAsync(_room.Watcher, list => list.Any(u => u.Left.Length > 0));
        Assert.Equal(0, updates[^1].Count);
    }

    [Fact]
    public async Task ExitRoomEverywhere_EachConnectionIsToldAndTheRoomHearsOfTheUserNoMore()
    {
        await _room.JoinAsync("ada");
        await _room.JoinAsync("ada", device: "phone");

        var devices = await cluster.Cluster.Client.GetGrain<IUserSelfGrain>(_room.UserId("ada")).ExitRoomEverywhereAsync(_room.Id);

        Assert.Equal(["device", "phone"], devices);
        foreach (var device in devices)
        {
            await cluster.Transport.WaitAsync<MemberTakenOut>(
                _room.Life, e => e.ConnectionId == _room.ConnectionId("ada", device) && e.RoomId == _room.Id);
            await _room.Grain.LeaveAsync(_room.UserId("ada"), device);
        }

        var updates = await _room.UpdatesAsync(_room.Life, list => list.Any(u => u.Left.Contains(_room.UserId("ada"))));
        Assert.Equal(0, updates[^1].Count);
    }

    [Fact]
    public async Task Typing_Repeated_IsOneEventAndEndsByItself()
    {
        await _room.JoinAsync("ada");
        for (var i = 0; i < 5; i++)
        {
            await _room.Grain.TypingAsync(_room.UserId("ada"), "device", true);
        }

        await cluster.Transport.WaitAsync<TypingChanged>(_room.Life, e => e is { IsTyping: false } && e.UserId == _room.UserId("ada"));

        Assert.Equal([true, false], cluster.Transport.Events<TypingChanged>(_room.Life).Select(e => e.IsTyping));
    }
}
