using Presence.Grains.Rules.Rooms;
using Presence.Grains.Tests.Rules.Users;

namespace Presence.Grains.Tests.Rules.Rooms;

/// <summary>Plays what happens to a room with very small partitions, its writes and its crashes among it, and beside it the plain list of its devices.</summary>
internal sealed class StoringHistory
{
    private const int PartitionSize = 4;
    private const int Users = 60;
    private const string Life = "life";

    private readonly HashSet<(string UserId, string DeviceId)> _devices = [];
    private long _sequence;

    public Room Room { get; private set; } = NewRoom();

    public StoredRoom Store { get; } = new();

    /// <summary>Who is in the room, by the plain list.</summary>
    public IEnumerable<string> Expected => _devices.Select(device => $"{device.UserId} on {device.DeviceId}").Order(StringComparer.Ordinal);

    /// <summary>Who is in the room, by the room.</summary>
    public IEnumerable<string> Held => Room.Roster.Members
        .SelectMany(member => member.Devices.Select(device => $"{member.UserId} on {device.DeviceId}")).Order(StringComparer.Ordinal);

    /// <summary>Who is in the room, as the store tells it.</summary>
    public HashSet<string> Members => [.. Room.Roster.Members.Select(StoredRoom.Told)];

    public void Play(Happening happening)
    {
        var (user, device) = (happening.Device % Users, $"device {happening.Connection % 2}");
        switch (happening.Kind % 12)
        {
            case <= 2:
                Join($"user {user}", device);
                break;
            case 3:
                Enumerable.Range(user, happening.Status % Users).ToList().ForEach(other => Join($"user {other % Users}", device));
                break;
            case 4 or 5:
                Leave($"user {user}", device);
                break;
            case 6:
                _devices.Where(other => other.DeviceId == device).Take(happening.Status % Users).ToList().ForEach(other => Leave(other.UserId, other.DeviceId));
                break;
            case 7 or 8 or 9:
                Write(happening.Status % 8, isLost: false, isAnswered: true);
                break;
            case 10:
                Write(1, isLost: happening.Status % 2 == 0, isAnswered: false);
                break;
            default:
                Crash();
                Reattach();
                break;
        }

        Publish();
    }

    /// <summary>The silo is lost; the room starts from what was stored.</summary>
    public void Crash()
    {
        Room = NewRoom();
        Store.Restore(Room);
    }

    /// <summary>The gateway names everybody who is there.</summary>
    public void Reattach()
    {
        foreach (var (userId, deviceId) in _devices)
        {
            Join(userId, deviceId);
        }

        Room.DropUnconfirmed(Life);
    }

    private static Room NewRoom() => new("room", RoomHistory.Limits with { PartitionSize = PartitionSize });

    private void Join(string user, string device)
    {
        Room.Join(new(user, device, Life, null, false, new(PresenceStatus.Online, PresenceStatus.Online, ++_sequence)), RoomHistory.Noon.AddTicks(_sequence));
        _devices.Add((user, device));
    }

    private void Leave(string user, string device)
    {
        Room.Leave(user, device);
        _devices.Remove((user, device));
    }

    private void Write(int count, bool isLost, bool isAnswered)
    {
        for (var i = 0; i < count; i++)
        {
            Store.Write(Room, isLost, isAnswered);
        }
    }

    private void Publish() => Room.Roster.Update(RoomHistory.Noon);
}
