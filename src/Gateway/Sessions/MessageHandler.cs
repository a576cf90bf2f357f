using System.Text.Json;
using Presence.Gateway.Connections;
using Presence.Gateway.Lobbies;
using Presence.Gateway.Protocol;
using Presence.Gateway.Rooms;
using Presence.Grains.Sinks;

namespace Presence.Gateway.Sessions;

/// <summary>Takes each message of a client to the one who answers it, and says what was wrong when nobody could.</summary>
internal sealed class MessageHandler(
    GatewayOptions options, GatewayState state, GatewayMetrics metrics, SignIn signIn, StatusMessages status, PresenceMessages presences,
    SelfMessages self, PrivacyMessages privacy, RoomMessages rooms, LobbyMessages lobby, ILogger<MessageHandler> logger)
{
    /// <param name="connection">Who sent it.</param>
    /// <param name="json">The message; valid until the task completes.</param>
    /// <param name="wait">More than zero when the connection sends too fast: how long it has to wait.</param>
    public async ValueTask HandleAsync(Connection connection, ReadOnlyMemory<byte> json, TimeSpan wait)
    {
        metrics.Received(json.Length);
        using var message = ClientMessage.Read(json, options.MaxJsonDepth, out var error);
        if (error is null && wait > TimeSpan.Zero)
        {
            error = ProtocolError.RateLimited(wait);
        }

        if (error is null)
        {
            try
            {
                error = await DispatchAsync(connection, message);
            }
            catch (Exception e) when (SinkErrors.IsTemporary(e))
            {
                MessageHandlerLog.Unavailable(logger, e);
                error = ProtocolError.Unavailable;
            }
            catch (Exception e)
            {
                // The last resort: one message's bug is that message's error, not the end of the process.
                var correlationId = Convert.ToHexStringLower(Guid.NewGuid().ToByteArray().AsSpan(0, 6));
                MessageHandlerLog.Failed(logger, correlationId, e);
                error = ProtocolError.Internal(correlationId);
            }
        }

        if (error is not null)
        {
            connection.Fail(error, message.Id);
        }
    }

    private ValueTask<ProtocolError?> DispatchAsync(Connection connection, in ClientMessage message)
    {
        var type = message.Type;
        if (connection.Session is not { } session)
        {
            return JsonText.Is(type, "authenticate"u8) && !state.IsDraining
                ? signIn.AuthenticateAsync(connection, message.Fields, message.Id)
                : new(state.IsDraining ? ProtocolError.Draining : ProtocolError.NotAuthenticated);
        }

        if (state.IsDraining)
        {
            return new(ProtocolError.Draining);
        }

        if (JsonText.Is(type, "heartbeat"u8))
        {
            return status.HeartbeatAsync(session, message.Fields, message.Id);
        }

        if (JsonText.Is(type, "set_status"u8))
        {
            return status.SetAsync(session, message.Fields, message.Id);
        }

        if (JsonText.Is(type, "get_presence"u8))
        {
            return presences.GetAsync(session, message.Fields, message.Id);
        }

        if (JsonText.Is(type, "subscribe"u8))
        {
            return presences.SubscribeAsync(session, message.Fields, message.Id);
        }

        if (JsonText.Is(type, "unsubscribe"u8))
        {
            return new(presences.Unsubscribe(session, message.Fields, message.Id));
        }

        if (JsonText.Is(type, "refresh_token"u8))
        {
            return RefreshAsync(session, message.Fields, message.Id);
        }

        var handled = rooms.Handle(session, type, message.Fields, message.Id) ?? lobby.Handle(session, type, message.Fields, message.Id);
        if (handled is not null)
        {
            return new(handled);
        }

        return (self.Find(type) ?? privacy.Find(type)) is { } action
            ? action(session, message.Fields, message.Id)
            : new(JsonText.Is(type, "authenticate"u8) ? ProtocolError.AlreadyAuthenticated : Unknown(type));
    }

    private async ValueTask<ProtocolError?> RefreshAsync(Session session, Fields fields, RequestId id)
    {
        var error = await signIn.RefreshAsync(session, fields, id);
        if (error is null)
        {
            await rooms.EndForbiddenAsync(session);
            LobbyMessages.EndForbidden(session);
        }

        return error;
    }

    private static ProtocolError Unknown(JsonElement type) =>
        JsonText.TryRead(type, out var text) ? ProtocolError.UnknownType(text) : ProtocolError.Invalid("type must be valid text");
}

/// <summary>Answers one kind of message.</summary>
/// <returns>What is wrong with it; null when it was answered.</returns>
internal delegate ValueTask<ProtocolError?> MessageAction(Session session, Fields fields, RequestId id);

internal static partial class MessageHandlerLog
{
    [LoggerMessage(2300, LogLevel.Warning, "The cluster could not answer a message in time.")]
    public static partial void Unavailable(ILogger logger, Exception exception);

    [LoggerMessage(2301, LogLevel.Error, "A message failed; its sender was told {CorrelationId}.")]
    public static partial void Failed(ILogger logger, string correlationId, Exception exception);
}
