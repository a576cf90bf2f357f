using System.Text.Json;
using Presence.Client.Wire;

namespace Presence.Client;

/// <summary>The rooms that this client is in or looks at.</summary>
internal sealed class Rooms(Action<PresenceEvent> publish)
{
    private readonly Dictionary<string, Room> _rooms = new(StringComparer.Ordinal);
    private readonly object _gate = new();

    public RoomSnapshot? Find(string roomId)
    {
        lock (_gate)
        {
            return _rooms.GetValueOrDefault(roomId)?.Snapshot;
        }
    }

    public void Enter(string roomId, JsonElement? metadata)
    {
        lock (_gate)
        {
            var room = Get(roomId);
            (room.IsMember, room.Metadata) = (true, metadata);
        }
    }

    public void Watch(string roomId)
    {
        lock (_gate)
        {
            Get(roomId).IsWatcher = true;
        }
    }

    /// <summary>What goes along with the next <c>join</c> too.</summary>
    public void Keep(string roomId, JsonElement metadata)
    {
        lock (_gate)
        {
            if (_rooms.TryGetValue(roomId, out var room))
            {
                room.Metadata = metadata;
            }
        }
    }

    public void Forget(string roomId)
    {
        lock (_gate)
        {
            _rooms.Remove(roomId);
        }
    }

    /// <summary>
    /// The server took us out, or off the watch: nothing of it is asked for with the next connection. Nobody is shown any more, unless
    /// the other of the two goes on.
    /// </summary>
    public void TakenOut(ServerMessage message)
    {
        lock (_gate)
        {
            if (message.RoomId is null || !_rooms.TryGetValue(message.RoomId, out var room) || !room.TakeOut(message.Type))
            {
                return;
            }

            if (!room.IsWanted)
            {
                room.Clear();
            }

            publish(new RoomChanged(room.Snapshot));
        }
    }

    /// <summary>What a new connection must ask for.</summary>
    public ClientMessage[] Entries()
    {
        lock (_gate)
        {
            return [.. _rooms.Values.Where(room => room.IsWanted).Select(ToMessage)];
        }
    }

    public void Closed()
    {
        lock (_gate)
        {
            foreach (var room in _rooms.Values)
            {
                room.Closed();
                publish(new RoomChanged(room.Snapshot));
            }
        }
    }

    /// <summary>Takes in a snapshot or an update.</summary>
    /// <returns>Whether the room must be asked for, since an update is missing.</returns>
    public bool Take(ServerMessage message)
    {
        lock (_gate)
        {
            if (message.RoomId is null || !_rooms.TryGetValue(message.RoomId, out var room) || !room.IsWanted)
            {
                return false;
            }

            var hasChanged = true;
            if (message.Type == "room_state")
            {
                room.Reset(message);
            }
            else
            {
                hasChanged = room.Apply(message);
            }

            if (hasChanged)
            {
                publish(new RoomChanged(room.Snapshot));
            }

            return room.NeedsRepair();
        }
    }

    private static ClientMessage ToMessage(Room room) => room.IsMember
        ? new("join") { RoomId = room.Id, Metadata = room.Metadata }
        : new("watch_room") { RoomId = room.Id, Mode = "members" };

    private Room Get(string roomId)
    {
        if (!_rooms.TryGetValue(roomId, out var room))
        {
            room = new(roomId);
            _rooms.Add(roomId, room);
        }

        return room;
    }
}
