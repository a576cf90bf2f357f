using Presence.Gateway.Connections;
using Presence.Gateway.Delivery;
using Presence.Gateway.Protocol;
using Presence.Gateway.Sessions;
using Presence.Grains;
using Presence.Grains.Sinks;

namespace Presence.Gateway.Lobbies;

/// <summary>
/// What this gateway knows of the lobby, and who here hears of it. Everything is done in order, one after another: who comes is asked for
/// before it is told.
/// </summary>
internal sealed class LobbyReplica(
    IGrainFactory grains, SinkIdentity identity, GatewayState state, Users users, TimingWheel wheel, ILogger<LobbyReplica> logger) : WheelEntry
{
    /// <summary>How often the lobby is asked whether it still knows this gateway, and what is held is right.</summary>
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(5);

    private readonly List<LobbySubscription> _subscribers = [];
    private readonly LobbyList _held = new();
    private readonly Lock _order = new();
    private Task _last = Task.CompletedTask;

    /// <summary>Queues the lobby for a connection, which hears of every change from then on.</summary>
    public Task BeginAsync(LobbySubscription subscription, bool wantsUsers, RequestId id) => InOrderAsync(async () =>
    {
        if (_held.Version is null || (_held.IsTruncated && wantsUsers))
        {
            // Of a lobby that is not listed whole, those who are listed are as old as the last who asked.
            await AttachAsync(heldVersion: -1);
        }
        else if (!HasSubscribers())
        {
            // Whoever comes first is shown no less than somebody at another gateway may have been shown just before.
            await CheckAsync();
        }

        var shown = wantsUsers ? await KnowAsync(_held.Users) : [];
        lock (this)
        {
            if (subscription.IsEnded)
            {
                return;
            }

            if (!_subscribers.Contains(subscription))
            {
                _subscribers.Add(subscription);
            }

            subscription.WantsUsers = wantsUsers;
            SendState([subscription], shown, id);
        }

        wheel.ScheduleNoLater(this, CheckInterval);
    });

    public void End(LobbySubscription subscription)
    {
        lock (this)
        {
            subscription.IsEnded = true;
            _subscribers.Remove(subscription);
        }
    }

    /// <summary>Takes what the lobby tells.</summary>
    public void Take(SinkEvent sinkEvent)
    {
        if (sinkEvent is LobbyChanged change)
        {
            _ = DoAsync(() => ApplyAsync(change));
        }
    }

    /// <summary>Asks whether what is held is right: silos, or this gateway's life, were lost.</summary>
    public Task ReattachAsync() => DoAsync(CheckAsync);

    protected internal override void OnDue()
    {
        if (state.IsDraining)
        {
            return;
        }

        if (!HasSubscribers())
        {
            _ = DoAsync(DetachAsync);
            return;
        }

        _ = ReattachAsync();
        wheel.Schedule(this, CheckInterval);
    }

    private bool HasSubscribers()
    {
        lock (this)
        {
            return _subscribers.Count > 0;
        }
    }

    private Task InOrderAsync(Func<Task> work)
    {
        lock (_order)
        {
            return _last = AfterAsync(_last, work);
        }

        static async Task AfterAsync(Task before, Func<Task> work)
        {
            await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
            await work();
        }
    }

    private async Task DoAsync(Func<Task> work)
    {
        try
        {
            await InOrderAsync(work);
        }
        catch (Exception e) when (SinkErrors.IsTemporary(e))
        {
            // What was missed is a gap before the next version, and the next check finds it too.
            LobbyReplicaLog.Failed(logger, e);
        }
        catch (Exception e)
        {
            LobbyReplicaLog.Broken(logger, e);
        }
    }

    private Task CheckAsync() => _held.Version is { } version ? AttachAsync(version) : Task.CompletedTask;

    private async Task AttachAsync(long heldVersion)
    {
        if (await grains.GetGrain<ILobbyGrain>(0).AttachAsync(identity.Life, heldVersion) is not { } snapshot)
        {
            return;
        }

        if (_held.Version is not null)
        {
            await TellAsync(_held.Since(snapshot));
        }

        _held.Take(snapshot);
    }

    private async Task DetachAsync()
    {
        if (HasSubscribers())
        {
            return;
        }

        _held.Forget();
        await grains.GetGrain<ILobbyGrain>(0).DetachAsync(identity.Life);
    }

    private async Task ApplyAsync(LobbyChanged change)
    {
        if (_held.Version is not { } version || change.Version <= version)
        {
            return;
        }

        await (change.Version == version + 1 ? TellAsync(change) : CheckAsync());
    }

    private async Task TellAsync(LobbyChanged change)
    {
        var came = await KnowAsync(change.Users ?? change.Joined);
        lock (this)
        {
            var isNewCount = change.Online != _held.Online;
            _held.Take(change);
            if (change.Users is not null)
            {
                SendState(_subscribers, came, default);
            }
            else if (isNewCount || change.Joined.Length > 0 || change.Left.Length > 0)
            {
                FanOut(change, came, isNewCount);
            }
        }
    }

    private void FanOut(LobbyChanged change, List<UserEntry> came, bool isNewCount)
    {
        if (!isNewCount && change.Joined.Length == 0 && change.Left.Length == 0)
        {
            return;
        }

        var update = change.IsTruncated ? LobbyFrames.Count(_held.Online, isTruncated: true) : LobbyFrames.Update(_held.Online, came, change.Left);
        var count = LobbyFrames.Count(_held.Online, isTruncated: false);
        foreach (var subscription in _subscribers)
        {
            if (subscription.WantsUsers || isNewCount)
            {
                subscription.Session.Connection.Output.Send(subscription.WantsUsers ? update : count);
            }
        }
    }

    private void SendState(List<LobbySubscription> to, List<UserEntry> shown, RequestId id)
    {
        Frame? all = null;
        Frame? count = null;
        foreach (var subscription in to)
        {
            var rest = subscription.WantsUsers
                ? all ??= LobbyFrames.StateRest(_held.Online, _held.IsTruncated, shown)
                : count ??= LobbyFrames.StateRest(_held.Online, _held.IsTruncated, null);
            subscription.Session.Connection.Output.Send(LobbyFrames.StateHead(id, rest), rest);
        }
    }

    private async Task<List<UserEntry>> KnowAsync(IEnumerable<string> userIds)
    {
        List<UserEntry> entries = [.. userIds.Select(users.Get)];
        await Task.WhenAll(entries.Select(users.EnsureShownToStrangersAsync).Where(call => !call.IsCompletedSuccessfully));
        return entries;
    }
}

/// <summary>Event ids 2520 to 2529 belong to this class.</summary>
internal static partial class LobbyReplicaLog
{
    [LoggerMessage(2520, LogLevel.Warning, "The lobby could not be asked; it will be again.")]
    public static partial void Failed(ILogger logger, Exception exception);

    [LoggerMessage(2521, LogLevel.Error, "What the lobby told could not be taken in.")]
    public static partial void Broken(ILogger logger, Exception exception);
}
