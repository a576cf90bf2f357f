using System.Collections.Concurrent;
using Presence.Gateway.Connections;
using Presence.Gateway.Sessions;
using Presence.Grains;
using Presence.Grains.Sinks;

namespace Presence.Gateway.Rooms;

/// <summary>
/// The rooms that somebody on this gateway is in or watches, and for a while those that somebody was in. The first to want a room attaches
/// to it, everybody else is served from the replica.
/// </summary>
internal sealed class RoomReplicas(
    IGrainFactory grains, SinkIdentity identity, GatewayState state, RoomMembers members, TimingWheel wheel, GatewayOptions options,
    GatewayMetrics metrics, TimeProvider clock, ILogger<RoomReplicas> logger)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>Between two questions to a room that may not know all its members yet.</summary>
    private static readonly TimeSpan SettleDelay = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<string, RoomReplica> _all = new(StringComparer.Ordinal);

    /// <summary>Rooms that are just being told that nobody here wants to hear any more.</summary>
    private readonly ConcurrentDictionary<string, Task> _leaving = new(StringComparer.Ordinal);

    public GatewayMetrics Metrics => metrics;

    public IRoomGrain Grain(string roomId) => grains.GetGrain<IRoomGrain>(roomId);

    public RoomReplica? Find(string roomId) => _all.GetValueOrDefault(roomId);

    /// <summary>A place for a connection in a room, held or not. It hears nothing yet.</summary>
    public RoomSubscription Add(string roomId, Session session)
    {
        while (true)
        {
            var subscription = new RoomSubscription(Hold(roomId), session);
            if (subscription.Room.TryAdd(subscription))
            {
                session.Rooms.Add(subscription);
                return subscription;
            }
        }
    }

    /// <summary>Completes when the room tells this gateway of every change, and the replica holds the state before them.</summary>
    public Task EnsureAttachedAsync(RoomReplica room)
    {
        if (room.IsAttached)
        {
            return Task.CompletedTask;
        }

        lock (room)
        {
            if (room.Attaching is { } running)
            {
                return running;
            }

            var call = AttachAsync(room);
            room.Attaching = call.IsCompleted ? null : call;
            return call;
        }
    }

    /// <summary>Takes what a room tells.</summary>
    public void Take(SinkEvent sinkEvent)
    {
        switch (sinkEvent)
        {
            case RoomsForgotten forgotten:
                members.Remind(forgotten.UserId);
                break;
            case RoomChanged change when Find(change.RoomId) is { } room && !room.Apply(change):
                Repair(room);
                break;
            case TypingChanged typing:
                Find(typing.RoomId)?.Tell(typing);
                break;
            case MemberTakenOut taken:
                Find(taken.RoomId)?.TakeOut(taken.ConnectionId);
                break;
            case RoomMoved moved when Find(moved.RoomId) is { } room:
                room.Doubt(isForgotten: true);
                Repair(room);
                break;
        }
    }

    /// <summary>
    /// Says to every room who is in it on this gateway: rooms or this gateway's life were lost. Safe to repeat; members see nothing of it
    /// when the rooms still knew.
    /// </summary>
    /// <returns>Completes when each has answered or failed once; those that failed are told again in the background.</returns>
    public Task ReattachAsync(ParallelOptions some)
    {
        foreach (var room in _all.Values)
        {
            room.Doubt(isForgotten: true);
        }

        return Parallel.ForEachAsync(_all.Values, some, async (room, _) => await RepairAsync(room));
    }

    /// <summary>The connection hears nothing of the room any more.</summary>
    internal void Ended(RoomSubscription subscription)
    {
        if (subscription.IsMember)
        {
            members.Ended(subscription);
        }

        if (subscription.IsTyping)
        {
            SetTyping(subscription, isTyping: false);
        }
    }

    /// <summary>One-way: typing that is lost with a room is not worth a wait.</summary>
    internal void SetTyping(RoomSubscription subscription, bool isTyping)
    {
        var session = subscription.Session;
        subscription.IsTyping = isTyping;
        Grain(subscription.Room.Id).TypingAsync(session.UserId, session.Device.Id, isTyping).AsTask().Ignore();
    }

    /// <summary>Attaches in the background, as often as it takes; not in a process that stops, where nobody is left to hear.</summary>
    internal void Repair(RoomReplica room)
    {
        if (!state.IsDraining)
        {
            // Logs whatever fails.
            _ = RepairAsync(room);
        }
    }

    internal RoomMoves MovesOf(string roomId) => new(Grain(roomId), clock);

    internal void Linger(RoomReplica room) => wheel.Schedule(room, options.WatchLinger);

    /// <summary>Lets go of a room that nobody here has wanted for the linger time.</summary>
    internal void Forget(RoomReplica room)
    {
        _all.TryRemove(KeyValuePair.Create(room.Id, room));
        metrics.RoomHeld(-1);
        var leaving = DetachAsync(room.Id);
        if (!leaving.IsCompleted)
        {
            _leaving[room.Id] = leaving;
        }
    }

    private RoomReplica Hold(string roomId)
    {
        if (Find(roomId) is { } known)
        {
            return known;
        }

        var room = new RoomReplica(roomId, this);
        var held = _all.GetOrAdd(roomId, room);
        if (held == room)
        {
            metrics.RoomHeld(1);
            Linger(room);
        }

        return held;
    }

    private async Task AttachAsync(RoomReplica room)
    {
        try
        {
            if (_leaving.TryGetValue(room.Id, out var leaving))
            {
                // The room must not hear of the end of the old attachment after the start of the new one.
                await leaving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            while (!room.IsAttached)
            {
                var (grain, forgotten) = (Grain(room.Id), room.Forgotten);
                var snapshot = room.IsForgotten ? await members.ReassertAsync(room, grain) : await grain.AttachAsync(identity.Life);
                if (!room.TryAccept(snapshot, forgotten))
                {
                    await Task.Delay(SettleDelay, clock);
                }
            }
        }
        finally
        {
            lock (room)
            {
                room.Attaching = null;
            }
        }
    }

    private async Task RepairAsync(RoomReplica room)
    {
        try
        {
            await EnsureAttachedAsync(room);
        }
        catch (Exception e)
        {
            // Whatever it was: until the room answers nobody here hears of it.
            RoomReplicasLog.AttachFailed(logger, e, room.Id);
            wheel.ScheduleNoLater(room, RetryDelay);
        }
    }

    /// <summary>Saves the room some events; a lost call costs only those.</summary>
    private async Task DetachAsync(string roomId)
    {
        try
        {
            await Grain(roomId).DetachAsync(identity.Life);
        }
        catch (Exception e)
        {
            RoomReplicasLog.DetachFailed(logger, SinkErrors.IsTemporary(e) ? LogLevel.Debug : LogLevel.Error, e, roomId);
        }
        finally
        {
            _leaving.TryRemove(roomId, out _);
        }
    }
}

/// <summary>Event ids 2500 to 2509 belong to this class.</summary>
internal static partial class RoomReplicasLog
{
    [LoggerMessage(2500, LogLevel.Warning, "Room {RoomId} could not be attached to; it will be tried again.")]
    public static partial void AttachFailed(ILogger logger, Exception exception, string roomId);

    [LoggerMessage(EventId = 2501, Message = "Room {RoomId} could not be told that nobody here is in it any more.")]
    public static partial void DetachFailed(ILogger logger, LogLevel level, Exception exception, string roomId);
}
