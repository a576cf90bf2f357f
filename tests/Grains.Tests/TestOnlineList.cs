using System.Collections.Concurrent;

namespace Presence.Grains.Tests;

/// <summary>A list of those online in memory.</summary>
public sealed class TestOnlineList : IOnlineList
{
    private readonly ConcurrentDictionary<string, bool> _users = new();

    public bool Has(string userId) => _users.ContainsKey(userId);

    public ValueTask AddAsync(string userId)
    {
        _users[userId] = true;
        return ValueTask.CompletedTask;
    }

    public ValueTask RemoveAsync(string userId)
    {
        _users.TryRemove(userId, out _);
        return ValueTask.CompletedTask;
    }

    public ValueTask<OnlineUsers> ReadAsync(int limit) => new(new OnlineUsers(_users.Count, [.. _users.Keys.Take(limit)]));
}
