using System.Collections.Concurrent;
using Presence.Grains;

namespace Presence.Gateway.Tests.Rooms;

/// <summary>A room that answers what it is told to.</summary>
internal sealed class FakeRoom : IRoomGrain
{
    private int _attaches;

    public RoomSnapshot Snapshot { get; set; } = new(10, 1, RoomTier.Full, [RoomFixture.Member("host")]);

    /// <summary>The version in which joins are to be seen.</summary>
    public long JoinVersion { get; set; } = 10;

    /// <summary>What an attaching gateway waits for.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>What calls of those who join and leave wait for.</summary>
    public Task MoveGate { get; set; } = Task.CompletedTask;

    public int Attaches => Volatile.Read(ref _attaches);

    public ConcurrentQueue<RoomJoin> Joins { get; } = [];

    /// <summary>Calls with several who join and leave: who does what.</summary>
    public ConcurrentQueue<string> Moves { get; } = [];

    public ConcurrentQueue<(long Version, RoomJoin[] Members)> Reattaches { get; } = [];

    public ConcurrentQueue<string> Detaches { get; } = [];

    public ConcurrentQueue<bool> Typing { get; } = [];

    public async ValueTask<RoomSnapshot> AttachAsync(string sink)
    {
        Interlocked.Increment(ref _attaches);
        var snapshot = Snapshot;
        await Gate;
        return snapshot;
    }

    public ValueTask DetachAsync(string sink)
    {
        Detaches.Enqueue(sink);
        return ValueTask.CompletedTask;
    }

    public async ValueTask<RoomReceipt> JoinAsync(RoomJoin join, string sink)
    {
        Joins.Enqueue(join);
        await MoveGate;
        return new(JoinVersion, null);
    }

    public async ValueTask<RoomReceipt> MoveAsync(RoomMove[] moves)
    {
        Moves.Enqueue(string.Join(", ", moves.Select(move => $"{(move.Join is null ? "-" : "+")}{move.UserId}")));
        moves.Select(move => move.Join).OfType<RoomJoin>().ToList().ForEach(Joins.Enqueue);
        await MoveGate;
        return new(JoinVersion, Snapshot);
    }

    public ValueTask LeaveAsync(string userId, string deviceId) => ValueTask.CompletedTask;

    public ValueTask<bool> UpdateMemberAsync(string userId, string? metadata) => new(true);

    public ValueTask<RoomSnapshot> GetAsync() => new(Snapshot);

    public ValueTask TypingAsync(string userId, string deviceId, bool isTyping)
    {
        Typing.Enqueue(isTyping);
        return ValueTask.CompletedTask;
    }

    public ValueTask MemberChangedAsync(RoomMemberChange change) => throw new NotSupportedException();

    public ValueTask<RoomSnapshot> ReattachAsync(string sink, long version, RoomJoin[] members)
    {
        var snapshot = Snapshot;
        Reattaches.Enqueue((version, members));
        return new(snapshot);
    }
}
