namespace Presence.Grains.Rules.Rooms;

/// <summary>Who types, on which devices, and until when.</summary>
internal sealed class Typists(TimeSpan expiry)
{
    private readonly Dictionary<string, Dictionary<string, DateTimeOffset>> _users = new(StringComparer.Ordinal);

    /// <summary>When to call <see cref="Expire"/>; null while nobody types.</summary>
    public DateTimeOffset? Next
    {
        get
        {
            DateTimeOffset? next = null;
            foreach (var until in _users.Values.SelectMany(devices => devices.Values))
            {
                next = next is null || until < next ? until : next;
            }

            return next;
        }
    }

    /// <returns>Whether the user did not type before.</returns>
    public bool Start(string userId, string deviceId, DateTimeOffset now)
    {
        var isNew = !_users.TryGetValue(userId, out var devices);
        if (isNew)
        {
            _users[userId] = devices = new(StringComparer.Ordinal);
        }

        devices![deviceId] = now + expiry;
        return isNew;
    }

    /// <returns>Whether the user typed, and on no other device.</returns>
    public bool Stop(string userId, string deviceId) =>
        _users.TryGetValue(userId, out var devices) && devices.Remove(deviceId) && devices.Count == 0 && _users.Remove(userId);

    /// <returns>Whether the user typed.</returns>
    public bool Stop(string userId) => _users.Remove(userId);

    /// <returns>The users who typed and have said so for too long.</returns>
    public List<string> Expire(DateTimeOffset now)
    {
        var ended = new List<string>();
        foreach (var (userId, devices) in _users)
        {
            foreach (var (deviceId, until) in devices)
            {
                if (until <= now)
                {
                    devices.Remove(deviceId);
                }
            }

            if (devices.Count == 0)
            {
                _users.Remove(userId);
                ended.Add(userId);
            }
        }

        return ended;
    }
}
