using System.Globalization;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Presence.Silo.Redis;
using StackExchange.Redis;

namespace Presence.Silo.Cluster;

/// <summary>
/// Puts the table of members back when Redis has lost it. Orleans does not: running silos would go on without a table, new ones would make a
/// cluster of their own, and one day all of the first would stop (docs/decisions/0008-lost-membership.md).
/// </summary>
internal sealed partial class MembershipGuard(
    RedisConnections redis, IOptions<ClusterOptions> names, TimeProvider clock, ILogger<MembershipGuard> logger)
    : BackgroundService
{
    private const string VersionField = "Version";

    /// <summary>One version above all, so that every silo takes the table; rows that new silos have written since stay.</summary>
    private const string Restore =
        """
        if (tonumber(redis.call('HGET', KEYS[1], 'Version')) or -1) >= tonumber(ARGV[1]) then return 0 end
        for i = 2, #ARGV, 2 do redis.call('HSETNX', KEYS[1], ARGV[i], ARGV[i + 1]) end
        redis.call('HSET', KEYS[1], 'Version', tonumber(ARGV[1]) + 1)
        return 1
        """;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly RedisKey _key = $"{names.Value.ServiceId}/members/{names.Value.ClusterId}";
    private HashEntry[] _kept = [];
    private long _keptVersion = -1;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var table = (await redis.ClusterAsync()).GetDatabase();
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await CheckAsync(table);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped, as asked.
        }
    }

    private async Task CheckAsync(IDatabase table)
    {
        try
        {
            var rows = await table.HashGetAllAsync(_key);
            var version = Version(rows);
            if (version >= _keptVersion)
            {
                (_kept, _keptVersion) = (rows, version);
                return;
            }

            RedisValue[] arguments =
            [
                _keptVersion,
                .. _kept.Where(row => row.Name != VersionField).SelectMany(row => new[] { row.Name, row.Value }),
            ];
            if ((int)await table.ScriptEvaluateAsync(Restore, [_key], arguments) == 1)
            {
                Log.Restored(logger, version, _keptVersion);
            }
        }
        catch (Exception e)
        {
            // A connection that is given up fails with more than Redis' own errors. What comes out of here would stop the silo; it looks again.
            Log.NotChecked(logger, e.Message);
        }
    }

    private static long Version(HashEntry[] rows) =>
        long.TryParse(
            Array.Find(rows, row => row.Name == VersionField).Value.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : -1;

    /// <summary>Event ids 4000 to 4009 belong to this class.</summary>
    private static partial class Log
    {
        [LoggerMessage(4000, LogLevel.Warning, "Redis had lost the table of members (version {Found} after {Kept}); it is restored.")]
        public static partial void Restored(ILogger logger, long found, long kept);

        [LoggerMessage(4001, LogLevel.Debug, "The table of members could not be read: {Reason}")]
        public static partial void NotChecked(ILogger logger, string reason);
    }
}
