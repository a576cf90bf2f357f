using Presence.Gateway.Authentication;
using Presence.Gateway.Connections;
using Presence.Gateway.Delivery;
using Presence.Gateway.Protocol;
using Presence.Grains;
using Presence.Grains.Sinks;

namespace Presence.Gateway.Sessions;

/// <summary>Lets people in, keeps their tokens fresh, and sees them out.</summary>
internal sealed class SignIn(
    Owners owners, SinkIdentity identity, GatewayState state, Users users, Departures departures, IAuthenticator authenticator,
    FailedAttempts failures, TimingWheel wheel, TimeProvider clock, GatewayOptions options, AuthOptions auth)
{
    /// <summary>The message <c>authenticate</c>.</summary>
    public async ValueTask<ProtocolError?> AuthenticateAsync(Connection connection, Fields fields, RequestId id)
    {
        var userId = fields.UserId(options.MaxUserIdLength);
        var token = fields.Token();
        var device = fields.Device(options.MaxUserIdLength);
        var isBatching = fields.Feature("batch"u8);
        var metadata = fields.Object("metadata", isRequired: false, options.MaxMetadataBytes);
        if (fields.Error is { } error)
        {
            return error;
        }

        if (failures.IsBlocked(connection.RemoteAddress))
        {
            return ProtocolError.TooManyFailures;
        }

        var warmUp = !state.IsStarted && token == state.WarmUpKey ? WarmUp.Identity : null;
        if ((warmUp ?? await authenticator.AuthenticateAsync(token, userId, CancellationToken.None)) is { } proven)
        {
            return await EnterAsync(connection, proven, device, isBatching, id, metadata);
        }

        return failures.Note(connection.RemoteAddress) ? ProtocolError.TooManyFailures : ProtocolError.TokenRefused;
    }

    /// <summary>A device whose identity is proven: the owner is told, and answers with what the user shows.</summary>
    public async ValueTask<ProtocolError?> EnterAsync(Connection connection, Identity proven, Device device, bool isBatching, RequestId id,
        string? metadata = null)
    {
        await departures.RecallAsync(connection.Id);
        var self = users.Subscribe(proven.UserId, connection.Output, isOwn: true);
        var session = new Session(connection, proven, device, self, owners.Of(proven.UserId)) { Metadata = metadata };
        var life = identity.Life;
        try
        {
            var result = await ConnectAsync(session);
            while (result.Refusal == Refusal.TooManyConnections && await departures.TryMakeRoomAsync(proven.UserId))
            {
                result = await ConnectAsync(session);
            }

            if (result.Refusal != Refusal.None)
            {
                session.Close();
                return ProtocolError.TooManyConnections;
            }
        }
        catch
        {
            // Nobody knows whether the owner heard: should the device be there, it must not stay.
            session.Close();
            departures.Lose(proven.UserId, connection.Id, connection.LastProof);
            throw;
        }

        connection.Output.IsBatching = isBatching;
        connection.Session = session;
        StartDeadline(session);
        connection.Output.Send((session, id, this), static s => s.Item3.Welcome(s.session, s.id));
        if (identity.Life != life)
        {
            // A new life has begun meanwhile and may not have found this session: it must not end with the old one.
            await ConnectAsync(session);
        }

        return null;
    }

    /// <summary>Tells the owner of a session again, after a life of the gateway or of the owner has ended.</summary>
    public async Task<ConnectResult> ConnectAsync(Session session)
    {
        var user = session.Self.User;
        var result = await session.Owner.ConnectAsync(new(session.Connection.Id, identity.Life, session.Device, session.Metadata)
        {
            Order = session.Order,
            KnownVersion = user.Public?.Version ?? 0,
            KnownOwnVersion = user.Own?.Version ?? 0,
            DeviceStatus = session.DeviceStatus,
        });
        if (result.Refusal == Refusal.None)
        {
            (session.DeviceStatus, session.Order) = (result.DeviceStatus, result.Order);
            session.Metadata = null;
            user.Silo = result.Silo;
            user.Accept(result.Public, result.Presence);
            user.IsKnown = true;
        }
        else if (result.Refusal == Refusal.Replaced)
        {
            session.Connection.End(CloseCodes.Replaced);
        }

        return result;
    }

    /// <summary>The message <c>refresh_token</c>.</summary>
    public async ValueTask<ProtocolError?> RefreshAsync(Session session, Fields fields, RequestId id)
    {
        var token = fields.Token();
        if (fields.Error is { } error)
        {
            return error;
        }

        if (await authenticator.AuthenticateAsync(token, session.UserId, CancellationToken.None) is not { } proven)
        {
            return ProtocolError.TokenRefused;
        }

        session.Identity = proven;
        StartDeadline(session);
        EndForbidden(session);
        session.Connection.Output.Send(ServerMessages.TokenRefreshed(proven.ExpiresAt, id));
        return null;
    }

    /// <summary>The connection has ended.</summary>
    /// <param name="session">Who was on it.</param>
    /// <param name="isClean">Whether the person left on purpose.</param>
    public async Task LeaveAsync(Session session, bool isClean)
    {
        session.Close();
        if (isClean)
        {
            await departures.LeaveAsync(session.UserId, session.Connection.Id, session.Connection.LastProof);
        }
        else
        {
            departures.Lose(session.UserId, session.Connection.Id, session.Connection.LastProof);
        }
    }

    private Frame Welcome(Session session, RequestId id)
    {
        var own = session.Self.User.Own!;
        session.Self.Version = own.Version;
        return ServerMessages.Authenticated(
            new(own, session.Connection.Id, session.Device.Id, options.HeartbeatInterval, options.HeartbeatTimeout, clock.GetUtcNow()), id);
    }

    private void StartDeadline(Session session)
    {
        session.TokenDeadline?.Stop();
        session.TokenDeadline = session.Identity.ExpiresAt is { } expiresAt
            ? new(session.Connection, wheel, clock, auth.ClockSkew, expiresAt)
            : null;
        session.TokenDeadline?.Start();
    }

    /// <summary>A fresh token may allow less than the old one did.</summary>
    private static void EndForbidden(Session session)
    {
        if (session.Identity.Watch is not { } allowed)
        {
            return;
        }

        foreach (var userId in session.Subscriptions.Select(s => s.User.Id).Where(userId => !allowed.Contains(userId)).ToList())
        {
            session.Unsubscribe(userId);
        }
    }
}
