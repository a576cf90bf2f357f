using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Presence.Grains;
using StackExchange.Redis;

namespace Presence.Silo.Redis;

/// <summary>The users of each life of a gateway, a set in Redis for each.</summary>
/// <remarks>On the connection of the states, where commands keep their order: a user is listed before its state is stored.</remarks>
internal sealed class RedisSessionList(
    RedisConnections redis, IOptions<ClusterOptions> names, TimeProvider clock, ILogger<RedisSessionList> logger)
    : ISessionList
{
    private const int PageSize = 1_000;

    private readonly string _prefix = $"{names.Value.ServiceId}/sessions/";
    private readonly PendingChanges _removing = new(
        async (life, users) => await (await redis.StoreAsync()).GetDatabase().SetRemoveAsync(life, users), clock, logger);
    private IDatabase? _store;

    public async ValueTask AddAsync(string life, string userId)
    {
        var store = await StoreAsync();
        await _removing.InsteadAsync(Key(life), userId, () => store.SetAddAsync(Key(life), userId));
    }

    /// <summary>Told to Redis together with others; nobody waits for it.</summary>
    public ValueTask RemoveAsync(string life, string userId)
    {
        _removing.Add(Key(life), userId);
        return ValueTask.CompletedTask;
    }

    public async IAsyncEnumerable<string> UsersAsync(string life, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var store = await StoreAsync();
        await foreach (var userId in store.SetScanAsync(Key(life), pageSize: PageSize).WithCancellation(cancellationToken))
        {
            yield return userId.ToString();
        }
    }

    public async ValueTask ClearAsync(string life) => await (await StoreAsync()).KeyDeleteAsync(Key(life));

    private string Key(string life) => _prefix + life;

    private ValueTask<IDatabase> StoreAsync() => _store is { } store ? new(store) : new(ConnectAsync());

    private async Task<IDatabase> ConnectAsync() => _store = (await redis.StoreAsync()).GetDatabase();
}
