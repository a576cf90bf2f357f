using System.Collections.Concurrent;
using System.Collections.Immutable;
using Presence.Gateway.Sessions;
using Presence.Grains;
using Presence.Grains.Sinks;

namespace Presence.Gateway.Rooms;

/// <summary>Who joined which room on this gateway: the truth, from which owners and rooms are told again what they have lost.</summary>
internal sealed class RoomMembers(
    Owners owners, SinkIdentity identity, GatewayState state, TimeProvider clock, ILogger<RoomMembers> logger)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private static readonly ParallelOptions Some = new() { MaxDegreeOfParallelism = 64 };

    private readonly ConcurrentDictionary<string, ImmutableArray<RoomSubscription>> _byUser = new(StringComparer.Ordinal);

    /// <summary>The owner is told, and then the room. Both may be told twice.</summary>
    /// <returns>What the room answered; null when the owner does not know the connection.</returns>
    public async ValueTask<RoomReceipt?> JoinAsync(RoomSubscription member)
    {
        if (await EnterAsync(member) is not { } join)
        {
            return null;
        }

        var receipt = await member.Room.Moves.TellAsync(RoomMove.Of(join));
        if (!member.IsMember)
        {
            member.IsMember = true;
            _byUser.AddOrUpdate(member.Session.UserId, [member], (_, others) => others.Add(member));
        }

        return receipt;
    }

    public async ValueTask LeaveAsync(Session session, string roomId, IRoomGrain room)
    {
        var member = session.Rooms.Find(roomId);
        if (member is { IsMember: true })
        {
            member.IsMember = false;
            Ended(member);
        }

        if (member is not null)
        {
            await member.Room.Moves.TellAsync(new(session.UserId, session.Device.Id, Join: null));
        }
        else
        {
            await room.LeaveAsync(session.UserId, session.Device.Id);
        }

        await session.Owner.ExitRoomAsync(session.Device.Id, roomId);
    }

    /// <summary>The connection is not in the room any more, or not on this gateway.</summary>
    public void Ended(RoomSubscription member)
    {
        while (_byUser.TryGetValue(member.Session.UserId, out var all))
        {
            var rest = all.Remove(member);
            if (rest.IsEmpty ? _byUser.TryRemove(KeyValuePair.Create(member.Session.UserId, all))
                : _byUser.TryUpdate(member.Session.UserId, rest, all))
            {
                return;
            }
        }
    }

    /// <summary>Tells a room that has forgotten them of everybody who is in it here.</summary>
    public async Task<RoomSnapshot> ReassertAsync(RoomReplica room, IRoomGrain grain)
    {
        var members = room.Members();
        var joins = new ConcurrentBag<RoomJoin>();
        await Parallel.ForEachAsync(members, Some, async (member, _) =>
        {
            if (await EnterAsync(member) is { } join)
            {
                joins.Add(join);
            }
        });
        var snapshot = await ReattachAsync(grain, room.Version, joins.Chunk(RoomMoves.MostAtOnce).ToList());
        foreach (var member in members.Where(member => !member.IsMember))
        {
            // It left while the room was told of it.
            await grain.LeaveAsync(member.Session.UserId, member.Session.Device.Id);
        }

        return snapshot;
    }

    /// <summary>Tells an owner that has forgotten them which rooms its user is in here, in the background and as often as it takes.</summary>
    public void Remind(string userId)
    {
        // Logs whatever fails.
        _ = RemindAsync(userId);
    }

    private async Task RemindAsync(string userId)
    {
        while (_byUser.TryGetValue(userId, out var all) && !state.IsDraining)
        {
            try
            {
                foreach (var rooms in all.GroupBy(member => member.Session.Connection.Id))
                {
                    await owners.Of(userId).ReturnToRoomsAsync(rooms.Key, [.. rooms.Select(member => member.Room.Id)]);
                }

                return;
            }
            catch (Exception e)
            {
                // Whatever it was: not told, the owner would not say that the user is gone.
                RoomMembersLog.NotReminded(logger, e);
                await Task.Delay(RetryDelay, clock);
            }
        }
    }

    /// <summary>All but the last of them join as if they were new: whoever is named with them or before them is not dropped.</summary>
    private async ValueTask<RoomSnapshot> ReattachAsync(IRoomGrain grain, long version, List<RoomJoin[]> joins)
    {
        foreach (var some in joins.SkipLast(1))
        {
            await grain.MoveAsync([.. some.Select(RoomMove.Of)]);
        }

        return await grain.ReattachAsync(identity.Life, version, joins is [.., var last] ? last : []);
    }

    private async ValueTask<RoomJoin?> EnterAsync(RoomSubscription member)
    {
        var session = member.Session;
        var view = await session.Owner.EnterRoomAsync(session.Connection.Id, member.Room.Id);
        return view is null
            ? null
            : new(session.UserId, session.Device.Id, identity.Life, member.Metadata, member.IsListed, view);
    }
}

/// <summary>Event ids 2510 to 2519 belong to this class.</summary>
internal static partial class RoomMembersLog
{
    [LoggerMessage(2510, LogLevel.Warning, "The owner of a user could not be told which rooms the user is in; it will be told again.")]
    public static partial void NotReminded(ILogger logger, Exception exception);
}
