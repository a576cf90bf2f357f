using System.Text.Json;
using Presence.Gateway.Protocol;
using Presence.Gateway.Sessions;

namespace Presence.Gateway.Lobbies;

/// <summary>What a connection says about the lobby.</summary>
internal sealed class LobbyMessages(LobbyReplica lobby)
{
    /// <returns>Null when it is no message about the lobby.</returns>
    public Task<ProtocolError?>? Handle(Session session, JsonElement type, Fields fields, RequestId id)
    {
        if (JsonText.Is(type, "subscribe_lobby"u8))
        {
            return SubscribeAsync(session, fields, id);
        }

        return JsonText.Is(type, "unsubscribe_lobby"u8) ? Task.FromResult(Unsubscribe(session, id)) : null;
    }

    /// <summary>A fresh token may restrict whom its bearer watches.</summary>
    public static void EndForbidden(Session session)
    {
        if (session is { Identity.Watch: not null, Lobby.WantsUsers: true })
        {
            Unsubscribe(session, default);
        }
    }

    private async Task<ProtocolError?> SubscribeAsync(Session session, Fields fields, RequestId id)
    {
        var wantsUsers = fields.Mode("count", "users");
        if (fields.Error is { } error)
        {
            return error;
        }

        if (wantsUsers && session.Identity.Watch is not null)
        {
            return ProtocolError.Forbidden();
        }

        session.Lobby ??= new(lobby, session);
        await lobby.BeginAsync(session.Lobby, wantsUsers, id);
        return null;
    }

    private static ProtocolError? Unsubscribe(Session session, RequestId id)
    {
        session.Lobby?.End();
        session.Lobby = null;
        session.Connection.Output.Send(LobbyFrames.Unsubscribed(id));
        return null;
    }
}
