using System.Collections.Concurrent;
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
        await _room.LeaveAsync("user 0");
        await _room.LeaveAsync("user 1");
        await Poll.UntilAsync(() => writes.Count > 1);

        var times = writes.ToArray();
        Assert.True(times[^1] - times[^2] >= TimeSpan.FromMilliseconds(990));
    }

    [Fact]
    public async Task Restored_GatewayLives_MembersAreThereAndVersionsAbove()
    {
        await cluster.Gateway(_room.Life).BeatAsync(new(IsFirst: true, Observer: null));
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
        await cluster.Gateway(_room.Life).BeatAsync(new(IsFirst: true, Observer: null));
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
    public async Task Empty_IsForgottenByTheStorage()
    {
        await _room.JoinAsync("ada");
        await _room.StoredAsync();

        await _room.LeaveAsync("ada");

        await Poll.UntilAsync(() => !cluster.Storage.Has(_room.Grain));
    }
}
