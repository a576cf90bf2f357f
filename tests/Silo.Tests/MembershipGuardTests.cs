using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Orleans.Configuration;
using Presence.Grains.Settings;
using Presence.Harness;
using Presence.Silo.Cluster;
using Presence.Silo.Redis;

namespace Presence.Silo.Tests;

/// <summary>The table of members in a real Redis that loses it.</summary>
public sealed class MembershipGuardTests : IAsyncLifetime, IDisposable
{
    private const string Table = "service/members/cluster";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly RedisProcess _redis = new(isDurable: false);
    private readonly FakeTimeProvider _clock = new();
    private readonly RedisConnections _connections;
    private readonly MembershipGuard _guard;

    public MembershipGuardTests()
    {
        _connections = new(new PresenceClusterOptions { Redis = $"127.0.0.1:{_redis.Port}" });
        var names = Options.Create(new ClusterOptions { ServiceId = "service", ClusterId = "cluster" });
        _guard = new(_connections, names, _clock, NullLogger<MembershipGuard>.Instance);
    }

    [Fact]
    public async Task Table_IsLost_IsRestoredOneVersionAboveAndNewcomersStay()
    {
        await WriteAsync("Version", "7", "silo 1", "active", "silo 2", "dead");
        await LookAsync();

        await _redis.AskAsync("FLUSHALL");
        await WriteAsync("Version", "2", "silo 2", "newer", "silo 3", "joining");
        await LookAsync();

        Assert.Equal(("8", "active", "newer", "joining"), (
            await ReadAsync("Version"), await ReadAsync("silo 1"), await ReadAsync("silo 2"), await ReadAsync("silo 3")));
    }

    [Fact]
    public async Task Table_IsLostAltogether_IsRestored()
    {
        await WriteAsync("Version", "7", "silo 1", "active");
        await LookAsync();

        await _redis.AskAsync("FLUSHALL");
        await LookAsync();

        Assert.Equal(("8", "active"), (await ReadAsync("Version"), await ReadAsync("silo 1")));
    }

    [Fact]
    public async Task Table_MovesOn_IsLeftAlone()
    {
        await WriteAsync("Version", "7", "silo 1", "active");
        await LookAsync();

        await _redis.AskAsync("DEL", Table);
        await WriteAsync("Version", "9", "silo 2", "active");
        await LookAsync();

        Assert.Equal("9", await ReadAsync("Version"));
        Assert.Equal("0", await _redis.AskAsync("HEXISTS", Table, "silo 1"));
    }

    [Fact]
    public async Task Redis_IsAwayForAWhile_TheTableIsRestoredAfterwards()
    {
        await WriteAsync("Version", "7", "silo 1", "active");
        await LookAsync();

        await _redis.KillAsync();
        _clock.Advance(TimeSpan.FromSeconds(1));
        await _redis.LaunchAsync();
        Assert.Equal("0", await _redis.AskAsync("EXISTS", Table));

        await UntilAsync(async () => await _redis.AskAsync("EXISTS", Table) == "1");
        Assert.Equal(("8", "active"), (await ReadAsync("Version"), await ReadAsync("silo 1")));
    }

    public async Task InitializeAsync()
    {
        await _redis.LaunchAsync();
        await _guard.StartAsync(default);
    }

    public async Task DisposeAsync()
    {
        await _guard.StopAsync(default);
        await _connections.DisposeAsync();
        await _redis.DisposeAsync();
    }

    public void Dispose() => _guard.Dispose();

    private Task<string> WriteAsync(params string[] fields) => _redis.AskAsync(["HSET", Table, .. fields]);

    private Task<string> ReadAsync(string field) => _redis.AskAsync("HGET", Table, field);

    /// <summary>Lets the guard look at the table twice: the second look begins when all that follows from the first is done.</summary>
    private async Task LookAsync()
    {
        var before = await LooksAsync();
        await UntilAsync(async () => await LooksAsync() >= before + 2);
    }

    private async Task<long> LooksAsync() => (await _redis.CallsAsync()).GetValueOrDefault("hgetall");

    private Task UntilAsync(Func<Task<bool>> hasHappened) => Until.TrueAsync(
        async () =>
        {
            if (await hasHappened())
            {
                return true;
            }

            _clock.Advance(TimeSpan.FromSeconds(1));
            return false;
        },
        Patience, () => "The guard did not do what it should.");
}
