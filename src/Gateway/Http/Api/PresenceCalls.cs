using Presence.Gateway.Delivery;
using Presence.Gateway.Protocol;
using Presence.Gateway.Sessions;
using Presence.Grains;

namespace Presence.Gateway.Http.Api;

/// <summary>What users show. A user's token sees what that user may see; a trusted server sees everything, unless it asks as somebody.</summary>
internal sealed class PresenceCalls(Users users, Owners owners, SelfOwners selves, PresenceLists lists, GatewayOptions options)
{
    /// <summary><c>GET /v1/presence?userIds=a,b</c>.</summary>
    public ValueTask<IResult> QueryAsync(ApiCall call)
    {
        var userIds = ApiTarget.List(call.Context, "userIds");
        var error = userIds is null ? ProtocolError.Invalid("userIds is required")
            : userIds.Count > options.MaxIdsPerMessage ? ProtocolError.Limit("MaxIdsPerMessage", options.MaxIdsPerMessage)
            : userIds.Exists(id => !JsonText.IsId(id, options.MaxUserIdLength)) ? Fields.IdRule("userIds", options.MaxUserIdLength)
            : null;
        return error is null ? ListAsync(call, userIds!) : new(Problem.Of(error));
    }

    /// <summary><c>POST /v1/presence/query</c>.</summary>
    public ValueTask<IResult> PostAsync(ApiCall call)
    {
        var fields = call.Fields;
        var userIds = fields.UserIds(options.MaxIdsPerMessage, options.MaxUserIdLength);
        return fields.Error is { } error ? new(Problem.Of(error)) : ListAsync(call, userIds);
    }

    /// <summary><c>GET /v1/users/{id}/presence</c>, with <c>?explain=true</c> for oneself and for trusted servers.</summary>
    public async ValueTask<IResult> GetAsync(ApiCall call)
    {
        if (CheckViewer(call, [call.UserId], out var viewer) is { } error)
        {
            return Problem.Of(error);
        }

        var isExplained = call.Context.Request.Query["explain"] == "true";
        if (isExplained && viewer is not null && viewer != call.UserId)
        {
            return Problem.Of(ProtocolError.Forbidden());
        }

        var why = isExplained ? await owners.Of(call.UserId).ExplainAsync() : null;
        if (viewer == call.UserId)
        {
            var own = await selves.Of(call.UserId).GetOwnAsync();
            return Json(json => PresenceJson.Write(json, own, own.LastSeen, why));
        }

        var entry = users.Get(call.UserId);
        await EnsureAsync(entry, viewer);
        return Json(json => lists.Write(json, entry, Shown(entry, viewer), why));
    }

    private async ValueTask<IResult> ListAsync(ApiCall call, List<string> userIds)
    {
        if (CheckViewer(call, userIds, out var viewer) is { } error)
        {
            return Problem.Of(error);
        }

        var asked = userIds.Distinct(StringComparer.Ordinal).Select(users.Get).ToList();
        await Task.WhenAll(asked.Select(entry => EnsureAsync(entry, viewer)));
        return Json(json =>
        {
            json.Raw("{\"presences\":["u8);
            for (var i = 0; i < asked.Count; i++)
            {
                json.Raw(i == 0 ? ""u8 : ","u8);
                lists.Write(json, asked[i], Shown(asked[i], viewer));
            }

            json.Raw("]}"u8);
        });
    }

    /// <summary>As whom the caller looks; null: as a trusted server.</summary>
    private ProtocolError? CheckViewer(ApiCall call, List<string> userIds, out string? viewer)
    {
        string? asked = call.Context.Request.Query["viewer"];
        viewer = asked ?? (call.IsServer ? null : call.Caller.UserId);
        if (asked is not null && !JsonText.IsId(asked, options.MaxUserIdLength))
        {
            return Fields.IdRule("viewer", options.MaxUserIdLength);
        }

        if (call.IsServer)
        {
            return null;
        }

        return asked is not null && asked != call.Caller.UserId
            || (call.Caller.Watch is { } watch && userIds.Exists(id => id != call.Caller.UserId && !watch.Contains(id)))
            ? ProtocolError.Forbidden()
            : null;
    }

    private Task EnsureAsync(UserEntry entry, string? viewer) =>
        viewer is null || viewer == entry.Id ? users.EnsureKnownAsync(entry) : users.EnsureShownAsync(entry, viewer);

    private static UserPresence Shown(UserEntry entry, string? viewer) =>
        viewer is null || viewer == entry.Id ? entry.Public! : entry.ShownTo(viewer);

    private static IResult Json(Action<JsonWriter> write)
    {
        var json = JsonWriter.Rent();
        write(json);
        return Results.Bytes(json.Written.ToArray(), "application/json");
    }
}
