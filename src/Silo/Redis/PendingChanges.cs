using StackExchange.Redis;

namespace Presence.Silo.Redis;

/// <summary>
/// Changes of sets that may come a little later: gathered for half a second and told to Redis in one command for each set. What
/// fails is told again.
/// </summary>
internal sealed partial class PendingChanges(Func<RedisKey, RedisValue[], Task> tell, TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<RedisKey, HashSet<string>> _waiting = [];

    /// <summary>Members whose opposite was sent while a change of theirs was under way: that one is not told again.</summary>
    private readonly HashSet<(RedisKey, string)> _overruled = [];
    private bool _isRunning;

    public void Add(RedisKey key, string member)
    {
        lock (_gate)
        {
            if (!_waiting.TryGetValue(key, out var members))
            {
                _waiting[key] = members = new(StringComparer.Ordinal);
            }

            members.Add(member);
            if (_isRunning)
            {
                return;
            }

            _isRunning = true;
        }

        _ = RunAsync();
    }

    /// <summary>Sends the opposite of a change, which is dropped if it still waits; commands of one connection keep their order.</summary>
    public Task InsteadAsync(RedisKey key, string member, Func<Task> opposite)
    {
        lock (_gate)
        {
            if (_waiting.TryGetValue(key, out var members))
            {
                members.Remove(member);
            }

            if (_isRunning)
            {
                _overruled.Add((key, member));
            }

            return opposite();
        }
    }

    private async Task RunAsync()
    {
        var delay = Window;
        while (true)
        {
            await Task.Delay(delay, clock);
            Task[] told;
            KeyValuePair<RedisKey, HashSet<string>>[] changes;
            lock (_gate)
            {
                _overruled.Clear();
                if (_waiting.Count == 0)
                {
                    _isRunning = false;
                    return;
                }

                changes = [.. _waiting.Where(change => change.Value.Count > 0)];
                _waiting.Clear();
                told = [.. changes.Select(change => tell(change.Key, [.. change.Value.Select(member => (RedisValue)member)]))];
            }

            delay = await TryAsync(told, changes) ? Window : RetryDelay;
        }
    }

    private async Task<bool> TryAsync(Task[] told, KeyValuePair<RedisKey, HashSet<string>>[] changes)
    {
        try
        {
            await Task.WhenAll(told);
            return true;
        }
        catch (Exception e)
        {
            // A connection that is given up fails with more than Redis' own errors, and nobody awaits this.
            Log.NotTold(logger, e.Message);
            for (var i = 0; i < told.Length; i++)
            {
                if (!told[i].IsCompletedSuccessfully)
                {
                    Return(changes[i].Key, changes[i].Value);
                }
            }

            return false;
        }
    }

    private void Return(RedisKey key, HashSet<string> members)
    {
        lock (_gate)
        {
            members.RemoveWhere(member => _overruled.Contains((key, member)));
            if (!_waiting.TryAdd(key, members))
            {
                _waiting[key].UnionWith(members);
            }
        }
    }

    /// <summary>Event ids 4010 to 4019 belong to this class.</summary>
    private static partial class Log
    {
        [LoggerMessage(4010, LogLevel.Warning, "A list in Redis could not be changed; it will be tried again: {Reason}")]
        public static partial void NotTold(ILogger logger, string reason);
    }
}
