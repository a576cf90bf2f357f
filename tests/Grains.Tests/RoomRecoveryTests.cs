using System.Collections.Concurrent;
using Presence.Grains.Rules.Rooms;
using Xunit;

namespace Presence.Grains.Tests;

/// <summary>What is left of a room when its silo, or a gateway, or the memory of an owner is lost.</summary>
[Collection(ClusterFixture.Shared.Name)]
public class RoomRecoveryTests(ClusterFixture cluster)
{
    private readonly RoomFixture _room = new(cluster);

    [Fact]
    public async Task Joins_ManyInASecond_AreWrittenBehind()
    {
        var writes = new ConcurrentQueue<DateTimeOffset>();
        cluster.Storage.BeforeWrite[_room.Id] = () =>
        {
            writes.Enqueue(DateTimeOffset.UtcNow);
            return Task.CompletedTask;
        };

        for (var i = 0; i < 100; i++)
        {
            await _room.JoinAsync($"user {i}");
        }

        await _room.StoredAsync();
        var stored = writes.Count;
        await _room.LeaveAsync("user 0");
        await _room.LeaveAsync("user 1");
        await Poll.UntilAsync(() => writes.Count > stored);

        // Each time the head and the members at most.
        var saves = writes.Index().Where(write => write.Index == 0 || write.Item - writes.ElementAt(write.Index - 1) >= TimeSpan.FromMilliseconds(500)).ToList();
        Assert.All(saves.Zip(saves.Skip(1)), pair => Assert.True(pair.Second.Item - pair.First.Item >= TimeSpan.FromMilliseconds(990)));
        Assert.InRange(writes.Count, 2, 2 * saves.Count);
    }

    [Fact]
    public async Task Restored_GatewayLives_MembersAreThereAndVersionsAbove()
    {
        await using var gateway = await _room.LiveAsync();
        await _room.JoinAsync("ada");
        await _room.JoinAsync("bob");
        await _room.UpdatesAsync(_room.Life, list => list[^1].Count == 2);
        var before = await _room.Grain.GetAsync();

        await cluster.Cluster.DeactivateAsync(_room.Grain);
        await cluster.Transport.WaitAsync<RoomMoved>(_room.Life, e => e.RoomId == _room.Id);

        var after = await _room.Grain.GetAsync();
        Assert.Equal(before.Members, after.Members);
        Assert.True(after.Version > before.Version);
    }

    [Fact]
    public async Task Reattach_NamesOneOfTwo_TheOtherIsGoneAndTheRoomGoesOnAbove()
    {
        await using var gateway = await _room.LiveAsync();
        await _room.JoinAsync("ada");
        await _room.JoinAsync("bob");
        await _room.StoredAsync();
        await cluster.Cluster.DeactivateAsync(_room.Grain);

        var join = await _room.EnterAsync("ada");
        await _room.Grain.ReattachAsync(_room.Life, 1_000_000, [join]);

        var updates = await _room.UpdatesAsync(_room.Life, list => list.Any(u => u.Left.Length > 0));
        Assert.Equal(_room.UserId("bob"), Assert.Single(updates[^1].Left));
        Assert.True(updates[^1].Version > 1_000_000);
        Assert.Equal("ada", _room.NameOf(Assert.Single((await _room.Grain.GetAsync()).Members).UserId));
    }

    [Fact]
    public async Task Restored_GatewayIsLongGone_ItsMembersAreDropped()
    {
        await _room.JoinAsync("ada");
        await _room.StoredAsync();
        await cluster.Cluster.DeactivateAsync(_room.Grain);

        // No gateway grain knows this life: it never had a lease, or is forgotten.
        Assert.Equal(0, (await _room.Grain.AttachAsync(_room.Watcher)).Count);
    }

    [Fact]
    public async Task Owner_StartsAnew_AsksItsGatewayAndTellsTheRoomsAgain()
    {
        await _room.JoinAsync("ada");
        await cluster.Cluster.DeactivateAsync(cluster.User(_room.UserId("ada")));
        await _room.SetStatusAsync("ada", PresenceStatus.Busy);
        await cluster.Transport.WaitAsync<RoomsForgotten>(_room.Life, e => e.UserId == _room.UserId("ada"));

        await cluster.User(_room.UserId("ada")).ReturnToRoomsAsync(_room.ConnectionId("ada"), [_room.Id]);

        var updates = await _room.UpdatesAsync(_room.Life, list => list.Any(u => u.Updated.Length > 0));
        Assert.Equal(PresenceStatus.Busy, updates[^1].Updated.Single().Status);
        await _room.DisconnectAsync("ada");
        await _room.UpdatesAsync(_room.Life, list => list.Any(u => u.Left.Length > 0));
    }

    [Fact]
    public async Task Restored_LargeRoom_AllPartitionsAreThereAndGoWhenItIsEmpty()
    {
        const int Members = 2_500;
        await using var gateway = await _room.LiveAsync();
        var joins = Enumerable.Range(0, Members).Select(i =>
            new RoomJoin(_room.UserId($"user {i}"), "device", _room.Life, null, false, new(PresenceStatus.Online, PresenceStatus.Online, 1))).ToArray();
        await _room.Grain.ReattachAsync(_room.Life, 0, joins);
        await cluster.Cluster.DeactivateAsync(_room.Grain);
        await Poll.UntilAsync(() => cluster.Storage.Count(_room.Grain) == 5);

        // Nobody is dropped: all were restored, and this gateway names them all.
        var snapshot = await _room.Grain.ReattachAsync(_room.Life, 0, joins);

        Assert.Equal(Members, snapshot.Count);
        await _room.Grain.MoveAsync([.. joins.Select(join => new RoomMove(join.UserId, join.DeviceId, Join: null))]);
        await Poll.UntilAsync(() => !cluster.Storage.Has(_room.Grain));
    }

    [Fact]
    public async Task Partition_LeftOverFromALostHead_IsWrittenOver()
    {
        await _room.JoinAsync("ada");
        await Poll.UntilAsync(() => cluster.Storage.Count(_room.Grain) == 2);
        cluster.Storage.Lose(_room.Grain, "room-head");
        await cluster.Cluster.DeactivateAsync(_room.Grain);

        await _room.JoinAsync("bob");

        await Poll.UntilAsync(() => cluster.Storage.Read<RoomPartition>(_room.Grain, "room-0")?.Members.Any(m => m.UserId == _room.UserId("bob")) == true);
    }

    [Fact]
    public async Task Empty_IsForgottenByTheStorage()
    {
        await _room.JoinAsync("ada");
        await _room.StoredAsync();

        await _room.LeaveAsync("ada");

        await Poll.UntilAsync(() => !cluster.Storage.Has(_room.Grain));
    }
}
