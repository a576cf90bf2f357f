using Presence.Grains.Settings;
using StackExchange.Redis;

namespace Presence.Silo.Redis;

/// <summary>
/// The connections of a silo to Redis: one for users' states and sessions, whose order counts, and one for members and reminders, whose long
/// replies must not hold up the first.
/// </summary>
internal sealed class RedisConnections : IAsyncDisposable
{
    private readonly Lazy<Task<ConnectionMultiplexer>> _store;
    private readonly Lazy<Task<ConnectionMultiplexer>> _cluster;

    public RedisConnections(PresenceClusterOptions options)
    {
        Configuration = ConfigurationOptions.Parse(options.Redis);
        Configuration.AbortOnConnectFail = false;

        // Whoever waits for Redis holds up a user: fail soon, and let nothing pile up that is to be tried again anyway.
        Configuration.AsyncTimeout = Configuration.SyncTimeout = Configuration.ConnectTimeout = 1_000;
        Configuration.HeartbeatInterval = TimeSpan.FromMilliseconds(250);
        Configuration.BacklogPolicy = BacklogPolicy.FailFast;
        Configuration.ReconnectRetryPolicy = new LinearRetry(500);
        _store = new(() => ConnectionMultiplexer.ConnectAsync(Configuration));
        _cluster = new(() => ConnectionMultiplexer.ConnectAsync(Configuration));
    }

    public ConfigurationOptions Configuration { get; }

    public Task<ConnectionMultiplexer> StoreAsync() => _store.Value;

    public Task<ConnectionMultiplexer> ClusterAsync() => _cluster.Value;

    /// <summary>As Orleans' providers take a connection that is not theirs to close.</summary>
    public async Task<(IConnectionMultiplexer Multiplexer, bool IsShared)> SharedStoreAsync() => (await _store.Value, true);

    /// <inheritdoc cref="SharedStoreAsync"/>
    public async Task<(IConnectionMultiplexer Multiplexer, bool IsShared)> SharedClusterAsync() => (await _cluster.Value, true);

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in (Lazy<Task<ConnectionMultiplexer>>[])[_store, _cluster])
        {
            if (connection.IsValueCreated)
            {
                await (await connection.Value).DisposeAsync();
            }
        }
    }
}
