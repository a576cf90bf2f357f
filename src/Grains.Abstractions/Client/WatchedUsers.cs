using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Presence.Grains.Sinks;

namespace Presence.Grains.Client;

/// <summary>
/// The users that somebody in this process watches. The process becomes a sink of its own with the first of them, and hears of them as a
/// gateway does.
/// </summary>
internal sealed class WatchedUsers(
    IGrainFactory grains, SinkIdentity identity, IServiceProvider services, TimeProvider clock, ILogger<WatchedUsers> logger)
    : ISinkListener, IHostedService, IDisposable
{
    private const int MaxAtOnce = 64;

    private readonly ConcurrentDictionary<string, WatchedUser> _all = new(StringComparer.Ordinal);

    /// <summary>Users whose owners are just being told that nobody here watches any more.</summary>
    private readonly ConcurrentDictionary<string, Task> _leaving = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _starting = new(1);
    private SinkSession? _session;

    /// <summary>The process becomes a sink, if it is none yet. Returns when it hears every silo.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken);
        try
        {
            if (_session is null)
            {
                var session = services.GetRequiredService<SinkSession>();
                await session.StartAsync(cancellationToken);
                _session = session;
            }
        }
        finally
        {
            _starting.Release();
        }
    }

    public async Task AddAsync(string[] userIds, Watcher watcher, CancellationToken cancellationToken)
    {
        List<WatchedUser> unknown = [];
        foreach (var userId in userIds)
        {
            var user = Add(userId, watcher);
            if (user.Shown is null)
            {
                unknown.Add(user);
            }
        }

        await AskAsync(unknown, cancellationToken);
    }

    public void Remove(string[] userIds, Watcher watcher)
    {
        foreach (var userId in userIds)
        {
            if (_all.TryGetValue(userId, out var user) && user.Remove(watcher) && _all.TryRemove(KeyValuePair.Create(userId, user)))
            {
                var leaving = UnwatchAsync(userId);
                if (!leaving.IsCompleted)
                {
                    _leaving[userId] = leaving;
                }
            }
        }
    }

    Task IHostedService.StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedService.StopAsync(CancellationToken cancellationToken) => _session?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    void ISinkListener.Deliver(SinkEvent sinkEvent, SiloLife silo)
    {
        if (sinkEvent is PresenceChanged change && _all.TryGetValue(change.UserId, out var user))
        {
            user.Silo = silo;
            user.Accept(change.Public);
        }
    }

    Task ISinkListener.RecoverAsync(SiloLife silo, bool isSilent, CancellationToken cancellationToken) =>
        AskAsync(_all.Values.Where(user => user.Silo == silo), cancellationToken);

    async Task ISinkListener.BeginAgainAsync(string life, Task heard, CancellationToken cancellationToken)
    {
        await AskAsync(_all.Values, cancellationToken);
        await heard;
        await AskAsync(_all.Values, cancellationToken);
    }

    void ISinkListener.Blind(DateTimeOffset since) => WatchedUsersLog.Blind(logger, since);

    void ISinkListener.Sees() => WatchedUsersLog.Sees(logger);

    public void Dispose() => _starting.Dispose();

    private WatchedUser Add(string userId, Watcher watcher)
    {
        while (true)
        {
            var user = _all.GetOrAdd(userId, static id => new(id));
            if (user.TryAdd(watcher))
            {
                return user;
            }
        }
    }

    private Task AskAsync(IEnumerable<WatchedUser> users, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        users,
        new ParallelOptions { MaxDegreeOfParallelism = MaxAtOnce, CancellationToken = cancellationToken },
        (user, _) => Repeat.UntilItSucceedsAsync(
            async () =>
            {
                if (_leaving.TryGetValue(user.Id, out var leaving))
                {
                    // The owner must not hear of the end of the old interest after the start of the new one.
                    await leaving;
                }

                var (presence, silo) = await User(user.Id).WatchAsync(identity.Life, user.Shown?.Version ?? 0);
                user.Silo = silo;
                user.Accept(presence);
            },
            clock,
            logger,
            cancellationToken));

    /// <summary>Saves the owner some events; a lost call costs only those.</summary>
    private async Task UnwatchAsync(string userId)
    {
        try
        {
            await User(userId).UnwatchAsync(identity.Life);
        }
        catch (Exception e)
        {
            WatchedUsersLog.UnwatchFailed(logger, e);
        }
        finally
        {
            _leaving.TryRemove(userId, out _);
        }
    }

    private IUserPresenceGrain User(string userId) => grains.GetGrain<IUserPresenceGrain>(userId);
}

/// <summary>Event ids 1340 to 1349 belong to this class.</summary>
internal static partial class WatchedUsersLog
{
    [LoggerMessage(1340, LogLevel.Warning, "Nothing is heard of the presence cluster since {Since}: what is watched may be out of date.")]
    public static partial void Blind(ILogger logger, DateTimeOffset since);

    [LoggerMessage(1341, LogLevel.Information, "The presence cluster is heard again.")]
    public static partial void Sees(ILogger logger);

    [LoggerMessage(1342, LogLevel.Debug, "The owner of a user could not be told that nobody here watches any more.")]
    public static partial void UnwatchFailed(ILogger logger, Exception exception);
}
