using Microsoft.Extensions.Time.Testing;
using Presence.Gateway.Rooms;
using Presence.Grains;
using Xunit;

namespace Presence.Gateway.Tests.Rooms;

public class RoomMovesTests
{
    private readonly FakeRoom _room = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly TaskCompletionSource _gate = new();
    private readonly RoomMoves _moves;

    public RoomMovesTests() => _moves = new(_room, _clock);

    [Fact]
    public async Task Join_Alone_IsToldAtOnce()
    {
        var receipt = await _moves.TellAsync(Join("ada"));
        await _moves.TellAsync(Join("bob"));

        Assert.Equal(10, receipt.Version);
        Assert.Equal(["ada", "bob"], _room.Joins.Select(join => join.UserId));
        Assert.Empty(_room.Moves);
    }

    [Fact]
    public async Task Joins_WhileACallIsUnderWay_GoTogetherInTheirOrder()
    {
        _room.MoveGate = _gate.Task;
        List<Task<RoomReceipt>> told = [_moves.TellAsync(Join("ada")), _moves.TellAsync(Join("bob")), _moves.TellAsync(Leave("bob")), _moves.TellAsync(Join("carol"))];
        Assert.Single(_room.Joins);

        _gate.SetResult();
        var receipts = await Task.WhenAll(told);

        Assert.Equal(["+bob, -bob, +carol"], _room.Moves);
        Assert.Single(receipts, receipt => receipt.Snapshot is not null);
    }

    [Fact]
    public async Task Joins_MoreThanACallTakes_GoInSeveral()
    {
        _room.MoveGate = _gate.Task;
        var told = Enumerable.Range(0, 1 + (2 * RoomMoves.MostAtOnce)).Select(i => _moves.TellAsync(Join($"user {i}"))).ToList();

        _gate.SetResult();
        await Task.WhenAll(told);

        Assert.Equal(2, _room.Moves.Count);
        Assert.Equal(told.Count, _room.Joins.Select(join => join.UserId).Distinct().Count());
    }

    [Fact]
    public async Task Call_ThatHangs_HoldsUpTheNextForATenthOfASecond()
    {
        _room.MoveGate = _gate.Task;
        var first = _moves.TellAsync(Join("ada"));
        var second = _moves.TellAsync(Join("bob"));
        _room.MoveGate = Task.CompletedTask;
        _clock.Advance(TimeSpan.FromMilliseconds(99));
        Assert.False(second.IsCompleted);

        _clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(10, (await second).Version);
        Assert.False(first.IsCompleted);
    }

    [Fact]
    public async Task Call_ThatFails_FailsForAllWhoWaitForItAndNobodyElse()
    {
        _room.MoveGate = _gate.Task;
        var first = _moves.TellAsync(Join("ada"));
        var others = new[] { _moves.TellAsync(Join("bob")), _moves.TellAsync(Join("carol")) };
        _gate.SetException(new TimeoutException());

        await Assert.ThrowsAsync<TimeoutException>(() => first);
        await Assert.ThrowsAsync<TimeoutException>(() => others[0]);
        await Assert.ThrowsAsync<TimeoutException>(() => others[1]);
        _room.MoveGate = Task.CompletedTask;
        await _moves.TellAsync(Join("dave"));
    }

    private static RoomMove Join(string user) =>
        RoomMove.Of(new(user, "device", "life", null, false, new(PresenceStatus.Online, PresenceStatus.Online, 1)));

    private static RoomMove Leave(string user) => new(user, "device", Join: null);
}
