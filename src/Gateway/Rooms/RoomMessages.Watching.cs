using Presence.Gateway.Protocol;
using Presence.Gateway.Sessions;

namespace Presence.Gateway.Rooms;

/// <content>Watching, typing, and who may do what.</content>
internal sealed partial class RoomMessages
{
    private async Task<ProtocolError?> WatchAsync(Session session, Fields fields, RequestId id)
    {
        var roomId = fields.RoomId(options.MaxRoomIdLength);
        var isCounting = fields.Mode("members", "count");
        if ((fields.Error ?? Check(session, roomId)) is { } error)
        {
            return error;
        }

        var watcher = session.Rooms.Find(roomId) ?? replicas.Add(roomId, session);
        try
        {
            await replicas.EnsureAttachedAsync(watcher.Room);
        }
        catch
        {
            DropUnused(watcher);
            throw;
        }

        (watcher.IsWatching, watcher.IsCounting) = (true, isCounting);
        watcher.Room.Begin(watcher, id);
        return null;
    }

    private ProtocolError? Unwatch(Session session, Fields fields, RequestId id)
    {
        var roomId = fields.RoomId(options.MaxRoomIdLength);
        if (fields.Error is { } error)
        {
            return error;
        }

        EndWatching(session, roomId, id);
        return null;
    }

    private static void EndWatching(Session session, string roomId, RequestId id)
    {
        if (session.Rooms.Find(roomId) is { } watcher)
        {
            watcher.IsWatching = false;
            DropUnused(watcher);
        }

        session.Connection.Output.Send(RoomFrames.Reply("unwatched"u8, roomId, id));
    }

    private Task<ProtocolError?> TypeAsync(Session session, Fields fields, RequestId id, bool isTyping)
    {
        var roomId = fields.RoomId(options.MaxRoomIdLength);
        var member = session.Rooms.Find(roomId);
        if ((fields.Error ?? CheckMember(member)) is { } error)
        {
            return Task.FromResult<ProtocolError?>(error);
        }

        replicas.SetTyping(member!, isTyping);
        if (id.IsGiven)
        {
            session.Connection.Output.Send(ServerMessages.Ok(id));
        }

        return Task.FromResult<ProtocolError?>(null);
    }

    private ProtocolError? Check(Session session, string roomId)
    {
        if (CheckAllowed(session, roomId) is { } error)
        {
            return error;
        }

        return session.Rooms.Count >= options.MaxRoomsPerConnection && session.Rooms.Find(roomId) is null
            ? ProtocolError.Limit("MaxRoomsPerConnection", options.MaxRoomsPerConnection)
            : null;
    }

    /// <summary>A token may restrict which rooms its bearer joins; looking into one is no less.</summary>
    private static ProtocolError? CheckAllowed(Session session, string roomId) =>
        IsForbidden(session, roomId) ? ProtocolError.Forbidden() : null;

    private static bool IsForbidden(Session session, string roomId) => session.Identity.Rooms?.Contains(roomId) == false;

    private static ProtocolError? CheckMember(RoomSubscription? subscription) =>
        subscription is { IsMember: true } ? null : ProtocolError.NotInRoom;
}
