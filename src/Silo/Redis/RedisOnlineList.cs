using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Presence.Grains;
using StackExchange.Redis;

namespace Presence.Silo.Redis;

/// <summary>Who is online, as sets in Redis: spread over a few keys, so that they can be on several nodes and one command still carries many users.</summary>
internal sealed class RedisOnlineList(RedisConnections redis, IOptions<ClusterOptions> names, TimeProvider clock, ILogger<RedisOnlineList> logger)
    : IOnlineList
{
    private const int Shards = 4;

    private readonly RedisKey[] _keys = [.. Enumerable.Range(0, Shards).Select(i => (RedisKey)$"{names.Value.ServiceId}/online/{i}")];
    private readonly PendingChanges _adding = new(
        async (shard, users) => await (await StoreAsync(redis)).SetAddAsync(shard, users), clock, logger);

    /// <summary>Told to Redis together with others; nobody waits for it.</summary>
    public ValueTask AddAsync(string userId)
    {
        _adding.Add(Key(userId), userId);
        return ValueTask.CompletedTask;
    }

    public async ValueTask RemoveAsync(string userId)
    {
        var store = await StoreAsync(redis);
        await _adding.InsteadAsync(Key(userId), userId, () => store.SetRemoveAsync(Key(userId), userId));
    }

    public async ValueTask<OnlineUsers> ReadAsync(int limit)
    {
        var store = await StoreAsync(redis);
        var counts = await Task.WhenAll(_keys.Select(key => store.SetLengthAsync(key)));
        List<string> users = [];
        for (var i = 0; i < Shards && users.Count < limit; i++)
        {
            if (counts[i] > 0)
            {
                await AddSomeAsync(users, store.SetScanAsync(_keys[i], pageSize: 1_000), limit);
            }
        }

        return new((int)Math.Min(int.MaxValue, counts.Sum()), users);
    }

    private static async Task AddSomeAsync(List<string> users, IAsyncEnumerable<RedisValue> found, int limit)
    {
        await foreach (var userId in found)
        {
            users.Add(userId.ToString());
            if (users.Count == limit)
            {
                return;
            }
        }
    }

    // FNV-1a: the same on every silo and in every version.
    private RedisKey Key(string userId) => _keys[userId.Aggregate(2166136261u, static (hash, c) => (hash ^ c) * 16777619) % Shards];

    private static async Task<IDatabase> StoreAsync(RedisConnections redis) => (await redis.StoreAsync()).GetDatabase();
}
