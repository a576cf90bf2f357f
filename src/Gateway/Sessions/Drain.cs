using Presence.Gateway.Connections;
using Presence.Gateway.Protocol;
using Presence.Grains.Settings;

namespace Presence.Gateway.Sessions;

/// <summary>
/// Lets people in once all is ready, and sends everybody away when the process is about to stop: readiness fails at once, and each socket hears <c>reconnect</c> and close 1012
/// at its own moment of the drain window. Devices stay in grace, so nobody flickers.
/// </summary>
internal sealed class Drain(
    GatewayState state, ConnectionRegistry connections, GatewayOptions options, PresenceOptions presence, TimeProvider clock,
    ILogger<Drain> logger)
    : IHostedLifecycleService
{
    /// <summary>A few sockets need no long window: so many leave in a second at most.</summary>
    private const int SocketsPerSecond = 100;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LastWait = TimeSpan.FromSeconds(2);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The lease is granted and the server listens.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        state.Started();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Before anything stops: the listener still answers, so a new upgrade hears 503 and not a refused connection.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        state.Draining();
        var all = connections.All.ToArray();
        var window = TimeSpan.FromSeconds(Math.Min(options.DrainWindow.TotalSeconds, (double)all.Length / SocketsPerSecond));
        // Everybody at another moment, and early enough to be back within the grace period.
        var spread = TimeSpan.FromSeconds(Math.Min(Math.Max(1, window.TotalSeconds), presence.GracePeriod.TotalSeconds / 2));
        DrainLog.Begins(logger, all.Length, window);
        var steps = Math.Max(1, (int)(window / Step));
        Random.Shared.Shuffle(all);
        for (var step = 0; step < steps; step++)
        {
            var from = all.Length * step / steps;
            var to = all.Length * (step + 1) / steps;
            foreach (var connection in all.AsSpan(from, to - from))
            {
                SendAway(connection, spread);
            }

            await Task.Delay(Step, clock, cancellationToken);
        }

        await WaitForEndAsync(cancellationToken);
    }

    private static void SendAway(Connection connection, TimeSpan spread)
    {
        connection.Output.Send(ServerMessages.Reconnect(spread * Random.Shared.NextDouble()));
        connection.End(CloseCodes.Restart);
    }

    private async Task WaitForEndAsync(CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        while (connections.Count > 0 && clock.GetElapsedTime(began) < LastWait)
        {
            await Task.Delay(Step, clock, cancellationToken);
        }

        DrainLog.Ended(logger, connections.Count);
    }
}

internal static partial class DrainLog
{
    [LoggerMessage(2220, LogLevel.Information, "Draining {Connections} connections over {Window}.")]
    public static partial void Begins(ILogger logger, int connections, TimeSpan window);

    [LoggerMessage(2221, LogLevel.Information, "Drained; {Connections} connections are left.")]
    public static partial void Ended(ILogger logger, int connections);
}
