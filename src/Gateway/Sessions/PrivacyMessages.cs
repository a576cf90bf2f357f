using System.Text.Json;
using Presence.Gateway.Protocol;
using Presence.Grains;
using Presence.Grains.Settings;

namespace Presence.Gateway.Sessions;

/// <summary>Whom a user shows itself to: privacy, contacts and blocks.</summary>
internal sealed class PrivacyMessages(SelfOwners owners, GatewayOptions options, PrivacyOptions privacy)
{
    /// <summary>Who answers messages of this type; null: nobody here.</summary>
    public MessageAction? Find(JsonElement type) =>
        JsonText.Is(type, "set_privacy"u8) ? SetAsync
        : JsonText.Is(type, "get_privacy"u8) ? GetAsync
        : JsonText.Is(type, "set_contacts"u8) ? (session, fields, id) => ChangeAsync(session, fields, UserList.Contacts, ListAct.Set, id)
        : JsonText.Is(type, "add_contacts"u8) ? (session, fields, id) => ChangeAsync(session, fields, UserList.Contacts, ListAct.Add, id)
        : JsonText.Is(type, "remove_contacts"u8) ? (session, fields, id) => ChangeAsync(session, fields, UserList.Contacts, ListAct.Remove, id)
        : JsonText.Is(type, "block"u8) ? (session, fields, id) => ChangeAsync(session, fields, UserList.Blocked, ListAct.Add, id)
        : JsonText.Is(type, "unblock"u8) ? (session, fields, id) => ChangeAsync(session, fields, UserList.Blocked, ListAct.Remove, id)
        : null;

    private async ValueTask<ProtocolError?> SetAsync(Session session, Fields fields, RequestId id)
    {
        var change = fields.Privacy();
        if (fields.Error is { } error)
        {
            return error;
        }

        var now = await owners.Of(session.UserId).SetPrivacyAsync(change);
        session.Connection.Output.Send(ServerMessages.PrivacyUpdated(now, id));
        return null;
    }

    private async ValueTask<ProtocolError?> GetAsync(Session session, Fields fields, RequestId id)
    {
        var now = await owners.Of(session.UserId).GetPrivacyAsync();
        session.Connection.Output.Send(ServerMessages.Privacy(now, id));
        return null;
    }

    private async ValueTask<ProtocolError?> ChangeAsync(Session session, Fields fields, UserList list, ListAct act, RequestId id)
    {
        var userIds = fields.UserIds(options.MaxIdsPerMessage, options.MaxUserIdLength);
        if (fields.Error is { } error)
        {
            return error;
        }

        var result = await owners.Of(session.UserId).ChangeListAsync(list, act, [.. userIds]);
        if (result.Refusal != Refusal.None)
        {
            return list == UserList.Contacts
                ? ProtocolError.Limit("Privacy:MaxContacts", privacy.MaxContacts)
                : ProtocolError.Limit("Privacy:MaxBlocked", privacy.MaxBlocked);
        }

        session.Connection.Output.Send(ServerMessages.ListUpdated(list, result.Count, id));
        return null;
    }
}
