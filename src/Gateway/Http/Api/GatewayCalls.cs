using Presence.Gateway.Connections;
using Presence.Gateway.Delivery;
using Presence.Gateway.Protocol;
using Presence.Gateway.Sessions;
using Presence.Grains;
using Presence.Grains.Sinks;

namespace Presence.Gateway.Http.Api;

/// <summary>What this gateway does right now, for who operates it. Each call walks the connections once and needs no other process.</summary>
internal sealed class GatewayCalls(
    ConnectionRegistry connections, SinkFeed feed, LiveFigures figures, TimingWheel wheel, GatewayState state, TimeProvider clock,
    MembershipReads? reads = null)
{
    /// <summary>Enough for a person to read.</summary>
    private const int MaxListed = 200;

    /// <summary><c>GET /v1/stats</c>.</summary>
    public ValueTask<IResult> StatsAsync(ApiCall call) => new(call.IsAdmin ? Results.Ok(Stats()) : Problem.Of(ProtocolError.Forbidden()));

    /// <summary><c>GET /v1/connections</c>, with <c>?userId=</c> those of one user.</summary>
    public ValueTask<IResult> ConnectionsAsync(ApiCall call)
    {
        if (!call.IsAdmin)
        {
            return new(Problem.Of(ProtocolError.Forbidden()));
        }

        string? userId = call.Context.Request.Query["userId"];
        var found = connections.All.Where(connection => userId is null || connection.Session?.UserId == userId);
        return new(Results.Ok(new ConnectionsAnswer(connections.Count, [.. found.Take(MaxListed).Select(Describe)])));
    }

    private StatsAnswer Stats()
    {
        var online = new Dictionary<string, UserEntry>(StringComparer.Ordinal);
        foreach (var connection in connections.All)
        {
            if (connection.Session is { } session)
            {
                online[session.UserId] = session.Self.User;
            }
        }

        var last = figures.Last;
        return new(
            connections.Count, online.Count, figures.Subscriptions, last.UpdatesPerSecond, last.DeliveryMs, last.MessagesPerSecond,
            last.ChangesPerSecond, figures.Rooms, Statuses(online.Values), Silos(online.Values), figures.Closes.All, figures.Errors.All,
            state.IsDraining, reads is null ? null : new(Milliseconds(reads.Last)));
    }

    private static Dictionary<string, int> Statuses(IEnumerable<UserEntry> online) => online
        .CountBy(user => user.Own?.Status ?? PresenceStatus.Offline)
        .ToDictionary(count => StatusNames.Text(count.Key), count => count.Value);

    private SiloAnswer[] Silos(IEnumerable<UserEntry> online)
    {
        var owned = online.Where(user => user.Silo is not null).CountBy(user => user.Silo!).ToDictionary();
        return [.. feed.Silos.Select(silo => new SiloAnswer(silo.Silo.Address, owned.GetValueOrDefault(silo.Silo), (long)silo.Silence.TotalMilliseconds))
            .OrderBy(silo => silo.Address, StringComparer.Ordinal)];
    }

    private ConnectionAnswer Describe(Connection connection)
    {
        var now = wheel.NowMs;
        var session = connection.Session;
        return new(
            connection.Id, session?.UserId, session?.Device.Id, session is null ? null : StatusNames.Text(session.Device.Type), session?.Device.Name,
            session is null ? null : StatusNames.Text(session.DeviceStatus), connection.RemoteAddress?.ToString(),
            clock.GetUtcNow().UtcDateTime.AddMilliseconds(connection.OpenedAt - now), now - connection.LastReceived,
            session?.SubscriptionCount ?? 0, session?.Rooms.Count ?? 0, connection.Output.OldestUnsent != long.MaxValue,
            connection.Output.QueuedBytes, Milliseconds(connection.RoundTrip));
    }

    private static double? Milliseconds(TimeSpan? time) => time is { } known ? Math.Round(known.TotalMilliseconds, 1) : null;
}
