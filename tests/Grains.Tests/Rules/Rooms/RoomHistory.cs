using Presence.Grains.Rules.Rooms;
using Presence.Grains.Tests.Rules.Users;

namespace Presence.Grains.Tests.Rules.Rooms;

/// <summary>Plays what happens in one room, and beside it the simplest model of who is in it.</summary>
internal sealed class RoomHistory(int rosterLimit = 1_000)
{
    public static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly RoomLimits Limits = new(1_000, TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(3));

    private static readonly PresenceStatus[] Statuses =
        [PresenceStatus.Online, PresenceStatus.Idle, PresenceStatus.Busy, PresenceStatus.Offline];

    private readonly Dictionary<(string UserId, string DeviceId), bool> _devices = [];
    private readonly Dictionary<string, (PresenceStatus Status, string? Metadata)> _users = [];
    private long _sequence;

    public Room Room { get; private set; } = new("room", Limits with { RosterLimit = rosterLimit });

    public DateTimeOffset Now { get; private set; } = Noon;

    public List<RoomChanged> Updates { get; } = [];

    public List<TypingChanged> Typing { get; } = [];

    /// <summary>Who is listed, with what, by the model.</summary>
    public SortedDictionary<string, (PresenceStatus Status, string? Metadata)> Expected
    {
        get
        {
            var expected = new SortedDictionary<string, (PresenceStatus, string?)>(StringComparer.Ordinal);
            foreach (var userId in _devices.Keys.Select(device => device.UserId).Distinct())
            {
                var (status, metadata) = _users[userId];
                var hasConsented = _devices.Any(device => device.Key.UserId == userId && device.Value);
                if (status != PresenceStatus.Offline || hasConsented)
                {
                    expected[userId] = (hasConsented && status == PresenceStatus.Offline ? PresenceStatus.Away : status, metadata);
                }
            }

            return expected;
        }
    }

    public bool IsMember(string userId) => _devices.Keys.Any(device => device.UserId == userId);

    public void Play(Happening happening)
    {
        var (user, device) = ($"user {happening.Device % 5}", $"device {happening.Connection % 2}");
        Now += TimeSpan.FromMilliseconds(happening.Seconds % 4 * 100);
        switch (happening.Kind % 8)
        {
            case 0 or 1 or 2:
                Join(user, device, happening.Status);
                break;
            case 3:
                Leave(user, device);
                break;
            case 4:
                Change(user, Statuses[happening.Status % 4], happening.Connection % 3 == 0 ? device : null);
                break;
            case 5 when Room.Update(user, $"{{\"n\":{happening.Status}}}"):
                _users[user] = (_users[user].Status, $"{{\"n\":{happening.Status}}}");
                break;
            case 6:
                Room.SetTyping(user, device, happening.Status % 3 > 0, Now);
                break;
        }

        Publish();
    }

    public void Join(string user, string device, int choice)
    {
        var known = IsMember(user) ? _users[user] : (Status: Statuses[choice % 4], Metadata: null);
        var metadata = choice % 5 == 0 ? $"{{\"c\":{choice}}}" : null;
        Room.Join(new(user, device, "life", metadata, choice % 7 == 0, View(known.Status)), Now);
        _users[user] = (known.Status, metadata ?? known.Metadata);
        _devices[(user, device)] = choice % 7 == 0;
    }

    public void Leave(string user, string device)
    {
        Room.Leave(user, device);
        _devices.Remove((user, device));
    }

    public void Change(string user, PresenceStatus status, string? gone = null)
    {
        Room.Change(new(user, View(status), gone is null ? [] : [gone]), Now);
        if (IsMember(user))
        {
            _users[user] = (status, _users[user].Metadata);
        }

        if (gone is not null)
        {
            _devices.Remove((user, gone));
        }
    }

    /// <summary>The window ends, and with it whatever waits is told.</summary>
    public void EndWindow()
    {
        Now += TimeSpan.FromSeconds(10);
        Publish();
    }

    /// <summary>The silo is lost; the room starts from what was stored.</summary>
    public void Restore()
    {
        var store = new StoredRoom();
        store.WriteAll(Room);
        Room = new("room", Limits with { RosterLimit = rosterLimit });
        store.Restore(Room);
    }

    private void Publish()
    {
        Room.ExpireTyping(Now);
        Typing.AddRange(Room.TakeTyping());
        if (Room.Roster.NextUpdate <= Now && Room.Roster.Update(Now) is { } update)
        {
            Updates.Add(update);
        }
    }

    private RoomMemberView View(PresenceStatus status) =>
        new(status, status == PresenceStatus.Offline ? PresenceStatus.Away : status, ++_sequence);
}
