using System.Text.Json;
using Presence.Gateway.Protocol;
using Presence.Gateway.Sessions;
using Presence.Grains;
using Presence.Grains.Settings;

namespace Presence.Gateway.Rooms;

/// <summary>What a connection says about rooms.</summary>
internal sealed partial class RoomMessages(
    RoomReplicas replicas, RoomMembers members, SignIn signIn, TimeProvider clock, GatewayOptions options, PresenceOptions presence)
{
    /// <summary>Longer than the longest window: an update that was not heard of by then is lost.</summary>
    private readonly TimeSpan _patience = TimeSpan.FromSeconds(2) + (presence.UpdateWindow * 4);

    /// <returns>Null when it is no message about rooms.</returns>
    public Task<ProtocolError?>? Handle(Session session, JsonElement type, Fields fields, RequestId id)
    {
        if (JsonText.Is(type, "typing_start"u8) || JsonText.Is(type, "typing_stop"u8))
        {
            return TypeAsync(session, fields, id, JsonText.Is(type, "typing_start"u8));
        }

        if (JsonText.Is(type, "join"u8))
        {
            return JoinAsync(session, fields, id);
        }

        if (JsonText.Is(type, "leave"u8))
        {
            return LeaveAsync(session, fields, id);
        }

        if (JsonText.Is(type, "update_member"u8))
        {
            return UpdateAsync(session, fields, id);
        }

        if (JsonText.Is(type, "get_room"u8))
        {
            return GetAsync(session, fields, id);
        }

        if (JsonText.Is(type, "watch_room"u8))
        {
            return WatchAsync(session, fields, id);
        }

        return JsonText.Is(type, "unwatch_room"u8) ? Task.FromResult(Unwatch(session, fields, id)) : null;
    }

    /// <summary>A fresh token may allow fewer rooms than the old one did.</summary>
    public async ValueTask EndForbiddenAsync(Session session)
    {
        foreach (var subscription in session.Rooms.All.Where(s => IsForbidden(session, s.Room.Id)).ToList())
        {
            if (subscription.IsMember)
            {
                await EndAsync(session, subscription.Room.Id, default);
            }

            if (subscription.IsWatching)
            {
                EndWatching(session, subscription.Room.Id, default);
            }
        }
    }

    private async Task<ProtocolError?> JoinAsync(Session session, Fields fields, RequestId id)
    {
        var roomId = fields.RoomId(options.MaxRoomIdLength);
        var metadata = fields.Metadata(options.MaxMetadataBytes, isRequired: false);
        var isListed = fields.Flag("listed");
        if ((fields.Error ?? Check(session, roomId)) is { } error)
        {
            return error;
        }

        var member = session.Rooms.Find(roomId) ?? replicas.Add(roomId, session);
        (member.Metadata, member.IsListed) = (metadata ?? member.Metadata, isListed);
        RoomReceipt receipt;
        try
        {
            await replicas.EnsureAttachedAsync(member.Room);
            if (await TellAsync(member) is not { } told)
            {
                DropUnused(member);
                return ProtocolError.Unavailable;
            }

            await ReachAsync(member.Room, told);
            receipt = told;
        }
        catch
        {
            DropUnused(member);
            throw;
        }

        member.Room.Begin(member, id, receipt);
        return null;
    }

    /// <returns>Null when the owner does not know the connection, even after it was told.</returns>
    private async ValueTask<RoomReceipt?> TellAsync(RoomSubscription member)
    {
        if (await members.JoinAsync(member) is { } receipt)
        {
            return receipt;
        }

        await signIn.ConnectAsync(member.Session);
        return await members.JoinAsync(member);
    }

    /// <summary>
    /// Waits until the replica shows the join: at the end of the window, together with everybody else who joins in it, so that one roster
    /// is made for all of them.
    /// </summary>
    private async Task ReachAsync(RoomReplica room, RoomReceipt receipt)
    {
        if (receipt.Snapshot is not null)
        {
            // We were attached, and the room did not know: it has forgotten the others too.
            room.Doubt(isForgotten: true);
            await replicas.EnsureAttachedAsync(room);
        }

        try
        {
            await room.ReachedAsync(receipt.Version, _patience, clock);
        }
        catch (TimeoutException)
        {
            room.Doubt(isForgotten: true);
            await replicas.EnsureAttachedAsync(room);
        }
    }

    private static void DropUnused(RoomSubscription subscription)
    {
        if (subscription is { IsMember: false, IsWatching: false })
        {
            subscription.Session.Rooms.Remove(subscription);
        }
    }

    private async Task<ProtocolError?> LeaveAsync(Session session, Fields fields, RequestId id)
    {
        var roomId = fields.RoomId(options.MaxRoomIdLength);
        if (fields.Error is { } error)
        {
            return error;
        }

        await EndAsync(session, roomId, id);
        return null;
    }

    private async ValueTask EndAsync(Session session, string roomId, RequestId id)
    {
        if (session.Rooms.Find(roomId) is { } leaving)
        {
            leaving.Room.Mute(leaving);
        }

        await members.LeaveAsync(session, roomId, replicas.Grain(roomId));
        if (session.Rooms.Find(roomId) is { } subscription)
        {
            (subscription.IsTyping, subscription.Metadata) = (false, null);
            DropUnused(subscription);
        }

        session.Connection.Output.Send(RoomFrames.Reply("left"u8, roomId, id));
    }

    private async Task<ProtocolError?> UpdateAsync(Session session, Fields fields, RequestId id)
    {
        var roomId = fields.RoomId(options.MaxRoomIdLength);
        var metadata = fields.Metadata(options.MaxMetadataBytes, isRequired: true);
        var member = session.Rooms.Find(roomId);
        if ((fields.Error ?? CheckMember(member)) is { } error)
        {
            return error;
        }

        member!.Metadata = metadata;
        if (!await replicas.Grain(roomId).UpdateMemberAsync(session.UserId, metadata))
        {
            // The room has forgotten us: told again, it takes the new metadata too.
            member.Room.Doubt(isForgotten: true);
            await replicas.EnsureAttachedAsync(member.Room);
        }

        session.Connection.Output.Send(RoomFrames.Reply("member_updated"u8, roomId, id));
        return null;
    }

    private async Task<ProtocolError?> GetAsync(Session session, Fields fields, RequestId id)
    {
        var roomId = fields.RoomId(options.MaxRoomIdLength);
        if ((fields.Error ?? CheckAllowed(session, roomId)) is { } error)
        {
            return error;
        }

        if (replicas.Find(roomId) is { IsAttached: true } room)
        {
            room.Show(session.Connection.Output, id);
            return null;
        }

        var snapshot = await replicas.Grain(roomId).GetAsync();
        var rest = RoomFrames.StateRest(roomId, snapshot, isCount: false);
        session.Connection.Output.Send(RoomFrames.StateHead(id, snapshot.Count, rest), rest);
        return null;
    }
}
