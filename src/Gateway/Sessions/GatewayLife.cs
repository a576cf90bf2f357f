using Presence.Gateway.Connections;
using Presence.Gateway.Delivery;
using Presence.Grains;
using Presence.Grains.Settings;

namespace Presence.Gateway.Sessions;

/// <summary>
/// Keeps this gateway's lease. When the lease was lost all the same, as after a long pause of the process, begins a new life and tells
/// the owners of everybody who is here again: the sockets are the truth.
/// </summary>
internal sealed class GatewayLife(
    IGrainFactory grains, GatewayIdentity identity, GatewayState state, ConnectionRegistry connections, SignIn signIn, Users users,
    PresenceOptions options, TimeProvider clock, ILogger<GatewayLife> logger)
    : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>Whether the owners of everybody who is here know the life that this gateway is in.</summary>
    private bool _isAnnounced = true;

    private int _failures;

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
                _isAnnounced = false;
                await Grain().BeatAsync();
            }

            if (!_isAnnounced)
            {
                await AnnounceAsync(cancellationToken);
            }
        }
        catch (Exception e) when (MessageHandler.IsTemporary(e))
        {
            GatewayLifeLog.BeatFailed(logger, e);
        }
    }

    /// <summary>Repeated with the next renewal until everybody could be told; who was told already sees no change.</summary>
    private async Task AnnounceAsync(CancellationToken cancellationToken)
    {
        _failures = 0;
        await Parallel.ForEachAsync(
            connections.All, new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = cancellationToken }, ReassertAsync);
        await users.WatchAgainAsync();
        _isAnnounced = _failures == 0;
    }

    private async ValueTask ReassertAsync(Connection connection, CancellationToken cancellationToken)
    {
        try
        {
            if (connection.Session is { } session)
            {
                await signIn.ConnectAsync(session);
            }
        }
        catch (Exception e) when (MessageHandler.IsTemporary(e))
        {
            Interlocked.Increment(ref _failures);
            GatewayLifeLog.ReassertFailed(logger, e);
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
