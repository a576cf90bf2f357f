using Presence.Grains.Rules.Users;

namespace Presence.Grains;

/// <content>
/// The rooms that the user's devices are in: they are told of every change that they may show, and of devices that are gone. Kept in
/// memory only; an activation that finds devices asks their gateways.
/// </content>
internal sealed partial class UserPresenceGrain
{
    private HashSet<(string DeviceId, string RoomId)>? _rooms;
    private long _roomSequence;

    public ValueTask<RoomMemberView?> EnterRoomAsync(string connectionId, string roomId)
    {
        var at = ConnectionRules.IndexOfConnection(_state.Devices, connectionId);
        if (at < 0)
        {
            return ValueTask.FromResult<RoomMemberView?>(null);
        }

        (_rooms ??= []).Add((_state.Devices[at].Device.Id, roomId));
        return ValueTask.FromResult<RoomMemberView?>(NextView());
    }

    public ValueTask ExitRoomAsync(string deviceId, string roomId)
    {
        _rooms?.Remove((deviceId, roomId));
        return ValueTask.CompletedTask;
    }

    public ValueTask ReturnToRoomsAsync(string connectionId, string[] roomIds)
    {
        var at = ConnectionRules.IndexOfConnection(_state.Devices, connectionId);
        if (at >= 0)
        {
            _rooms ??= [];
            _rooms.UnionWith(roomIds.Select(roomId => (_state.Devices[at].Device.Id, roomId)));
            TellRooms(roomIds, []);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<string[]> ExitRoomEverywhereAsync(string roomId)
    {
        _rooms?.RemoveWhere(room => room.RoomId == roomId);
        foreach (var device in _state.Devices)
        {
            shared.Outbox.Enqueue(device.Life, new MemberTakenOut(device.ConnectionId, roomId));
        }

        return ValueTask.FromResult(Array.ConvertAll(_state.Devices, device => device.Device.Id));
    }

    private void AskForRooms()
    {
        foreach (var life in _state.Devices.Select(device => device.Life).Distinct(StringComparer.Ordinal))
        {
            shared.Outbox.Enqueue(life, new RoomsForgotten(UserId));
        }
    }

    private void TellRooms(UserState before)
    {
        if (_rooms is null)
        {
            return;
        }

        var gone = RoomViews.Gone(before.Devices, _state.Devices);
        if (gone.Length == 0 && RoomViews.Of(before) == RoomViews.Of(_state))
        {
            return;
        }

        TellRooms(_rooms.Select(room => room.RoomId).Distinct(StringComparer.Ordinal), gone);
        _rooms.RemoveWhere(room => gone.Contains(room.DeviceId));
        _rooms = _rooms.Count == 0 ? null : _rooms;
    }

    // One-way: the owner of a user never waits for a room, nor a room for it.
    private void TellRooms(IEnumerable<string> roomIds, string[] gone)
    {
        var change = new RoomMemberChange(UserId, NextView(), gone);
        foreach (var roomId in roomIds)
        {
            GrainFactory.GetGrain<IRoomGrain>(roomId).MemberChangedAsync(change).AsTask().Ignore();
        }
    }

    // Higher than whatever an earlier activation said, which ended before this one began.
    private RoomMemberView NextView()
    {
        _roomSequence = Math.Max(_roomSequence + 1, Now.UtcTicks);
        var (everyone, consented) = RoomViews.Of(_state);
        return new(everyone, consented, _roomSequence);
    }
}
