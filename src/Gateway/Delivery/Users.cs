using System.Collections.Concurrent;
using Presence.Gateway.Connections;
using Presence.Gateway.Sessions;
using Presence.Grains;
using Presence.Grains.Settings;
using Presence.Grains.Sinks;

namespace Presence.Gateway.Delivery;

/// <summary>
/// The users that this gateway knows: those who are connected here, those whom somebody here subscribes to, and for a while
/// those whom somebody asked for. The first to want a user asks its owner, everybody else is served from the copy.
/// </summary>
internal sealed partial class Users(
    Owners owners, SinkIdentity identity, TimingWheel wheel, GatewayOptions options,
    PresenceOptions presence, GatewayMetrics metrics, RecentChanges recent, ILogger<Users> logger)
{
    /// <summary>So many users nobody uses may linger; more are forgotten at once, so that asking for strangers costs no memory.</summary>
    private const int MaxLingering = 100_000;

    private readonly ConcurrentDictionary<string, UserEntry> _all = new(StringComparer.Ordinal);

    /// <summary>Users whose owners are just being told that nobody here wants to know any more.</summary>
    private readonly ConcurrentDictionary<string, Task> _leaving = new(StringComparer.Ordinal);
    private readonly Unasked _unasked = new();
    private readonly long _lingerMs = (long)options.WatchLinger.TotalMilliseconds;

    public long NowMs => wheel.NowMs;

    public long WindowMs { get; } = (long)presence.UpdateWindow.TotalMilliseconds;

    public GatewayMetrics Metrics => metrics;

    public RecentChanges Recent => recent;

    public UserEntry Get(string id)
    {
        if (_all.TryGetValue(id, out var known))
        {
            known.Touch();
            return known;
        }

        var entry = new UserEntry(id, this);
        var held = _all.GetOrAdd(id, entry);
        if (held == entry)
        {
            metrics.UserKnown();
            Linger(entry);
        }

        return held;
    }

    /// <summary>Adds a subscriber to a user, known or not.</summary>
    public Subscription Subscribe(string id, SendQueue queue, bool isOwn, string viewer = "")
    {
        while (true)
        {
            var subscription = new Subscription(Get(id), queue) { Viewer = viewer };
            if (subscription.User.TryAdd(subscription, isOwn))
            {
                return subscription;
            }
        }
    }

    /// <summary>Completes when the gateway knows what the user shows, and hears of every change after that.</summary>
    public Task EnsureKnownAsync(UserEntry entry)
    {
        if (entry.IsKnown)
        {
            return Task.CompletedTask;
        }

        lock (entry)
        {
            if (entry.Watching is { } running)
            {
                return running;
            }

            var call = WatchAsync(entry);
            entry.Watching = call.IsCompleted ? null : call;
            return call;
        }
    }

    /// <summary>All users that this gateway knows, as they are while the list is walked.</summary>
    public IEnumerable<UserEntry> All => _all.Select(pair => pair.Value);

    /// <summary>Takes what an owner on this silo says.</summary>
    public void Deliver(PresenceChanged change, SiloLife silo)
    {
        if (_all.TryGetValue(change.UserId, out var entry))
        {
            entry.Silo = silo;
            entry.Accept(change.Public, change.Own, change.Views);
        }
        else if (_unasked.IsTooMuch(change.UserId))
        {
            _leaving.GetOrAdd(change.UserId, UnwatchAsync);
        }
    }

    /// <summary>Asks the owner again, which may be another activation by now, or may have lost this gateway's interest.</summary>
    public Task WatchAgainAsync(UserEntry entry)
    {
        entry.IsKnown = false;
        return EnsureKnownAsync(entry);
    }

    internal void Wake(UserEntry entry, long inMs) => wheel.ScheduleNoLater(entry, TimeSpan.FromMilliseconds(inMs));

    internal void Linger(UserEntry entry) => wheel.ScheduleNoLater(entry, _all.Count > MaxLingering ? TimeSpan.Zero : options.WatchLinger);

    /// <summary>Forgets a user whom nobody has used for the linger time. Called under the entry's lock.</summary>
    internal bool TryForget(UserEntry entry, long unusedMs)
    {
        if (unusedMs < _lingerMs && _all.Count <= MaxLingering)
        {
            wheel.Schedule(entry, TimeSpan.FromMilliseconds(_lingerMs - unusedMs));
            return false;
        }

        _all.TryRemove(KeyValuePair.Create(entry.Id, entry));
        metrics.UserForgotten();
        if (entry.Public is { Status: not PresenceStatus.Offline })
        {
            var leaving = UnwatchAsync(entry.Id);
            if (!leaving.IsCompleted)
            {
                _leaving[entry.Id] = leaving;
            }
        }

        return true;
    }

    private async Task WatchAsync(UserEntry entry)
    {
        try
        {
            if (_leaving.TryGetValue(entry.Id, out var leaving))
            {
                // The owner must not hear of the end of the old interest after the start of the new one.
                await leaving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            var life = identity.Life;
            var (presence, silo) = await owners.Of(entry.Id).WatchAsync(life, entry.Public?.Version ?? 0);
            entry.Silo = silo;
            entry.Accept(presence, null);
            entry.IsKnown = life == identity.Life;
        }
        finally
        {
            lock (entry)
            {
                entry.Watching = null;
            }
        }
    }

    /// <summary>Saves the owner some events; a lost call costs only those.</summary>
    private async Task UnwatchAsync(string id)
    {
        try
        {
            await owners.Of(id).UnwatchAsync(identity.Life);
        }
        catch (Exception e)
        {
            UsersLog.UnwatchFailed(logger, e);
        }
        finally
        {
            _leaving.TryRemove(id, out _);
        }
    }
}

internal static partial class UsersLog
{
    [LoggerMessage(2100, LogLevel.Debug, "The owner of a user could not be told that nobody here subscribes any more.")]
    public static partial void UnwatchFailed(ILogger logger, Exception exception);
}
