using Presence.Gateway.Protocol;
using Presence.Grains;

namespace Presence.Gateway.Rooms;

/// <summary>A room as it was last published. Each version is encoded once, however many ask for it.</summary>
internal sealed class RoomCopy(string roomId)
{
    private readonly Dictionary<string, RoomMember> _members = new(StringComparer.Ordinal);
    private Frame? _state;
    private Frame? _count;
    private TaskCompletionSource _advanced = NewSignal();

    /// <summary>The version that is held; -1 before the first.</summary>
    public long Version { get; private set; } = -1;

    public int Count { get; private set; }

    public RoomTier Tier { get; private set; }

    /// <summary>Completes with the next version.</summary>
    public Task Advanced => _advanced.Task;

    public void Reset(RoomSnapshot snapshot)
    {
        Replace(snapshot.Members);
        Advance(snapshot.Version, snapshot.Count, snapshot.Tier);
    }

    /// <summary>Takes the version after the one that is held.</summary>
    public void Apply(RoomChanged change)
    {
        Array.ForEach(change.Left, userId => _members.Remove(userId));
        Array.ForEach(change.Joined, member => _members[member.UserId] = member);
        Array.ForEach(change.Updated, member => _members[member.UserId] = member);
        if (change.Members is { } members)
        {
            Replace(members);
        }

        Advance(change.Version, change.Count, change.Tier);
    }

    /// <summary>All of a <c>room_state</c> but its beginning.</summary>
    public Frame State(bool isCount)
    {
        if (isCount)
        {
            return _count ??= RoomFrames.StateRest(roomId, new(Version, Count, Tier, []), isCount: true);
        }

        if (_state is null)
        {
            RoomMember[] members = [.. _members.Values];
            Array.Sort(members, RoomMember.Order);
            _state = RoomFrames.StateRest(roomId, new(Version, Count, Tier, members), isCount: false);
        }

        return _state;
    }

    private void Replace(RoomMember[] members)
    {
        _members.Clear();
        Array.ForEach(members, member => _members[member.UserId] = member);
    }

    private void Advance(long version, int count, RoomTier tier)
    {
        (Version, Count, Tier) = (version, count, tier);
        (_state, _count) = (null, null);
        var advanced = _advanced;
        _advanced = NewSignal();
        advanced.SetResult();
    }

    // Whoever waits goes on elsewhere, not under the lock of the room.
    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
