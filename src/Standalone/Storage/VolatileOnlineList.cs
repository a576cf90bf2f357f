using Presence.Grains;

namespace Presence.Standalone.Storage;

/// <summary>Who is online, as long as the process lasts.</summary>
internal sealed class VolatileOnlineList : IOnlineList
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _users = new(StringComparer.Ordinal);

    public ValueTask AddAsync(string userId)
    {
        lock (_gate)
        {
            _users.Add(userId);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask RemoveAsync(string userId)
    {
        lock (_gate)
        {
            _users.Remove(userId);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<OnlineUsers> ReadAsync(int limit)
    {
        lock (_gate)
        {
            return new(new OnlineUsers(_users.Count, [.. _users.Take(limit)]));
        }
    }
}
