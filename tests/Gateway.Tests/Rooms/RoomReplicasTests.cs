using Presence.Gateway.Connections;
using Presence.Grains;
using Xunit;

namespace Presence.Gateway.Tests.Rooms;

public sealed class RoomReplicasTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly RoomFixture _gateway = new();

    [Fact]
    public async Task Join_ManyAtOnce_OneAttachesAndAllGetTheVersionThatShowsThem()
    {
        _gateway.Room.JoinVersion = 11;
        var guests = Enumerable.Range(0, 50).Select(i => _gateway.SignIn($"user {i}")).ToList();
        var joining = guests.Select(guest => guest.SayAsync("join")).ToList();
        Assert.All(joining, join => Assert.False(join.IsCompleted));

        _gateway.Replicas.Take(RoomFixture.Change(11, [.. guests.Select(guest => guest.Session.UserId)]));
        await Task.WhenAll(joining).WaitAsync(Patience);

        Assert.Equal(1, _gateway.Room.Attaches);
        Assert.Equal(50, _gateway.Room.Joins.Count);
        foreach (var guest in guests)
        {
            var state = Assert.Single(await guest.ReceivedAsync(1));
            Assert.Equal((11, 51), (state.GetProperty("version").GetInt64(), state.GetProperty("members").GetArrayLength()));
        }
    }

    [Fact]
    public async Task Changes_BeforeTheSnapshot_ContinueIt()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        (_gateway.Room.Gate, _gateway.Room.JoinVersion) = (gate.Task, 12);
        var guest = _gateway.SignIn("ada");
        var joining = guest.SayAsync("join");
        foreach (var version in new[] { 9, 10, 11, 12 })
        {
            _gateway.Replicas.Take(RoomFixture.Change(version, $"user {version}"));
        }

        gate.SetResult();
        await joining.WaitAsync(Patience);

        var state = Assert.Single(await guest.ReceivedAsync(1));
        Assert.Equal(12, state.GetProperty("version").GetInt64());
        Assert.Equal(["host", "user 11", "user 12"], state.GetProperty("members").EnumerateArray().Select(m => m.GetProperty("userId").GetString()));
    }

    [Fact]
    public async Task Change_IsMissing_TheRoomIsAskedAndEverybodyGetsItsState()
    {
        var guest = _gateway.SignIn("ada");
        await guest.SayAsync("join");
        _gateway.Replicas.Take(RoomFixture.Change(11, "bob"));
        _gateway.Room.Snapshot = new(13, 3, RoomTier.Full, [RoomFixture.Member("host"), RoomFixture.Member("bob"), RoomFixture.Member("carol")]);

        _gateway.Replicas.Take(RoomFixture.Change(13, "carol"));

        Assert.Equal(["room_state 10", "room_update 11", "room_state 13"], await guest.StoryAsync(3));
        _gateway.Replicas.Take(RoomFixture.Change(12, "old"));
        _gateway.Replicas.Take(RoomFixture.Change(14, "dave"));
        Assert.Equal("room_update 14", (await guest.StoryAsync(4))[^1]);
    }

    [Fact]
    public async Task RoomMoved_ItIsToldOfItsMembersAndOfTheVersionTheyHold()
    {
        var (guest, watcher) = (_gateway.SignIn("ada"), _gateway.SignIn("watcher"));
        await guest.SayAsync("join");
        await watcher.SayAsync("watch_room");
        _gateway.Replicas.Take(RoomFixture.Change(11, "bob"));
        _gateway.Room.Snapshot = _gateway.Room.Snapshot with { Version = 1035 };

        _gateway.Replicas.Take(new RoomMoved("room"));

        Assert.Equal(["room_state 10", "room_update 11", "room_state 1035"], await guest.StoryAsync(3));
        var (version, members) = Assert.Single(_gateway.Room.Reattaches);
        Assert.Equal((11, "ada"), (version, Assert.Single(members).UserId));
    }

    [Fact]
    public async Task RoomLost_NotAllMembersAreNamedYet_NobodyIsShownAsGone()
    {
        var guest = _gateway.SignIn("ada");
        await guest.SayAsync("join");
        var whole = _gateway.Room.Snapshot with { Version = 1035 };
        _gateway.Room.Snapshot = whole with { Version = 1034, Count = 0, Members = [], IsSettling = true };
        _gateway.Replicas.Take(new RoomMoved("room"));
        Assert.True(SpinWait.SpinUntil(() => !_gateway.Room.Reattaches.IsEmpty, Patience));
        _gateway.Room.Snapshot = whole;

        Assert.True(SpinWait.SpinUntil(IsAskedAgain, Patience));

        Assert.Equal(["room_state 10", "room_state 1035"], await guest.StoryAsync(2));
        Assert.Single(_gateway.Room.Reattaches);

        bool IsAskedAgain()
        {
            _gateway.Advance(TimingWheel.Tick);
            return _gateway.Room.Attaches > 1;
        }
    }

    [Fact]
    public async Task LastOneLeaves_TheRoomIsLetGoAfterTheLinger()
    {
        var guest = _gateway.SignIn("ada");
        await guest.SayAsync("join");
        await guest.SayAsync("leave");
        _gateway.Advance(TimeSpan.FromSeconds(59));
        Assert.Empty(_gateway.Room.Detaches);

        _gateway.Advance(TimeSpan.FromSeconds(2));

        Assert.Single(_gateway.Room.Detaches);
        await guest.SayAsync("join");
        Assert.Equal(2, _gateway.Room.Attaches);
    }

    [Fact]
    public async Task ConnectionEnds_WhileItsUserTypes_TheRoomHears()
    {
        var guest = _gateway.SignIn("ada");
        await guest.SayAsync("join");
        await guest.SayAsync("typing_start");

        guest.Session.Close();

        Assert.Equal([true, false], _gateway.Room.Typing);
        _gateway.Replicas.Take(RoomFixture.Change(11, "bob"));
        Assert.Single(await guest.ReceivedAsync(1));
    }

    public void Dispose() => _gateway.Dispose();
}
