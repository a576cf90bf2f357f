using Presence.Gateway.Connections;
using Presence.Gateway.Delivery;
using Presence.Gateway.Lobbies;
using Presence.Gateway.Rooms;
using Presence.Grains;
using Presence.Grains.Settings;

namespace Presence.Gateway.Sessions;

/// <summary>
/// Keeps this gateway's lease. When the lease was lost all the same, as after a long pause of the process, begins a new life and tells
/// the owners of everybody who is here again: the sockets are the truth.
/// </summary>
internal sealed class GatewayLife(
    IGrainFactory grains, GatewayIdentity identity, GatewayState state, ConnectionRegistry connections, SignIn signIn, Users users, RoomReplicas rooms, LobbyReplica lobby,
    PresenceOptions options, TimeProvider clock, ILogger<GatewayLife> logger)
    : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>The life that the owners of everybody who is here know of.</summary>
    private string _announced = identity.Life;

    /// <summary>Tells the owners; runs beside the beats, which must not wait for a slow owner.</summary>
    private Task _announcing = Task.CompletedTask;

    /// <summary>Returns when the lease is granted, so that no socket is accepted before its owner could be told.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        while (!await TryBeatAsync())
        {
            await Task.Delay(RetryDelay, clock, cancellationToken);
        }

        state.Started();
        await base.StartAsync(cancellationToken);
    }

    /// <summary>The last beat: the proof of life of everybody who was here.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryBeatAsync();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.LeaseRenewal, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await RenewAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped, as asked.
        }
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!await Grain().BeatAsync())
            {
                GatewayLifeLog.Lost(logger, connections.Count);
                identity.BeginNewLife();
                await Grain().BeatAsync();
            }

            if (_announced != identity.Life && _announcing.IsCompleted)
            {
                _announcing = AnnounceAsync(identity.Life, cancellationToken);
            }
        }
        catch (Exception e) when (MessageHandler.IsTemporary(e))
        {
            GatewayLifeLog.BeatFailed(logger, e);
        }
    }

    /// <summary>Repeated with the next renewal until everybody could be told; who was told already sees no change.</summary>
    private async Task AnnounceAsync(string life, CancellationToken cancellationToken)
    {
        try
        {
            var some = new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = cancellationToken };
            var failures = 0;
            await Parallel.ForEachAsync(connections.All, some, async (connection, _) =>
            {
                if (!await TryReassertAsync(connection))
                {
                    Interlocked.Increment(ref failures);
                }
            });
            await users.WatchAgainAsync(some);
            await rooms.ReattachAsync(some);
            await lobby.ReattachAsync();
            _announced = failures == 0 ? life : _announced;
        }
        catch (Exception e) when (MessageHandler.IsTemporary(e))
        {
            GatewayLifeLog.ReassertFailed(logger, e);
        }
    }

    private async Task<bool> TryReassertAsync(Connection connection)
    {
        try
        {
            if (connection.Session is { } session)
            {
                await signIn.ConnectAsync(session);
            }

            return true;
        }
        catch (Exception e) when (MessageHandler.IsTemporary(e))
        {
            GatewayLifeLog.ReassertFailed(logger, e);
            return false;
        }
    }

    private async Task<bool> TryBeatAsync()
    {
        try
        {
            return await Grain().BeatAsync();
        }
        catch (Exception e) when (MessageHandler.IsTemporary(e))
        {
            GatewayLifeLog.BeatFailed(logger, e);
            return false;
        }
    }

    private IGatewayGrain Grain() => grains.GetGrain<IGatewayGrain>(identity.Life);
}

internal static partial class GatewayLifeLog
{
    [LoggerMessage(2210, LogLevel.Warning, "The gateway's lease could not be renewed.")]
    public static partial void BeatFailed(ILogger logger, Exception exception);

    [LoggerMessage(2211, LogLevel.Warning, "The gateway's lease was lost; {Connections} connections are announced again.")]
    public static partial void Lost(ILogger logger, int connections);

    [LoggerMessage(2212, LogLevel.Warning, "A connection could not be announced again; the next renewal of the lease tries anew.")]
    public static partial void ReassertFailed(ILogger logger, Exception exception);
}
