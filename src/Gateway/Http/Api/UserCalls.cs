using Presence.Gateway.Protocol;
using Presence.Gateway.Sessions;
using Presence.Grains;
using Presence.Grains.Settings;

namespace Presence.Gateway.Http.Api;

/// <summary>Changes of one user: by the user itself, or by a trusted server for it.</summary>
internal sealed class UserCalls(Owners owners, SelfOwners selves, GatewayOptions options, PrivacyOptions privacy, TimeProvider clock)
{
    /// <summary><c>PUT /v1/users/{id}/status</c>: the choice of the person, made without a device.</summary>
    public async ValueTask<IResult> SetStatusAsync(ApiCall call)
    {
        var fields = call.Fields;
        var status = fields.Status();
        var expiresAt = fields.ExpiresAt(clock.GetUtcNow());
        if (fields.Error is null && status == PresenceStatus.Idle)
        {
            fields.Fail(ProtocolError.Invalid("status must not be idle: that is a device's"));
        }

        if (status == PresenceStatus.Online && expiresAt is not null)
        {
            fields.Fail(ProtocolError.Invalid("expiresAt needs away, busy, dnd or invisible"));
        }

        if (Refused(call, call.MayChange, fields) is { } refused)
        {
            return refused;
        }

        var shown = await selves.Of(call.UserId).ChooseAsync(status, expiresAt);
        return Results.Ok(new StatusAnswer(StatusNames.Text(status), StatusNames.Text(shown)));
    }

    /// <summary><c>PUT /v1/users/{id}/privacy</c>.</summary>
    public ValueTask<IResult> SetPrivacyAsync(ApiCall call) => SetPrivacyAsync(call, call.UserId, call.MayChange);

    /// <summary><c>PUT /api/settings/presence</c>: the caller's own privacy.</summary>
    public ValueTask<IResult> SetOwnPrivacyAsync(ApiCall call) => SetPrivacyAsync(call, call.Caller.UserId, isAllowed: true);

    /// <summary><c>PUT /v1/users/{id}/contacts</c>.</summary>
    public async ValueTask<IResult> SetContactsAsync(ApiCall call)
    {
        var fields = call.Fields;
        var userIds = fields.UserIds(options.MaxIdsPerMessage, options.MaxUserIdLength);
        if (Refused(call, call.MayChange, fields) is { } refused)
        {
            return refused;
        }

        var result = await selves.Of(call.UserId).ChangeListAsync(UserList.Contacts, ListAct.Set, [.. userIds]);
        return result.Refusal == Refusal.None
            ? Results.Ok(new CountAnswer(result.Count))
            : Problem.Of(ProtocolError.Limit("Privacy:MaxContacts", privacy.MaxContacts));
    }

    /// <summary><c>DELETE /v1/users/{id}/connections</c>: signs every device out, with close 4503.</summary>
    public async ValueTask<IResult> SignOutAsync(ApiCall call) =>
        Refused(call, call.MayChange || call.IsAdmin, call.Fields)
        ?? Results.Ok(new CountAnswer(await selves.Of(call.UserId).SignOutAsync()));

    /// <summary><c>PUT /v1/users/{id}/claims/{source}</c>.</summary>
    public async ValueTask<IResult> SetClaimAsync(ApiCall call)
    {
        var fields = call.Fields;
        var status = fields.ClaimStatus();
        var text = fields.ClaimText();
        var expiresAt = fields.ExpiresAt(clock.GetUtcNow());
        if (Refused(call, call.IsServer, fields) is { } refused)
        {
            return refused;
        }

        var source = Source(call);
        var refusal = await owners.Of(call.UserId).SetClaimAsync(new(source, status, text, expiresAt));
        return refusal == Refusal.None
            ? Results.Ok(new ClaimAnswer(source, StatusNames.Text(status), text, expiresAt?.UtcDateTime))
            : Problem.Of(UnknownSource);
    }

    /// <summary><c>DELETE /v1/users/{id}/claims/{source}</c>.</summary>
    public async ValueTask<IResult> RemoveClaimAsync(ApiCall call)
    {
        if (Refused(call, call.IsServer, call.Fields) is { } refused)
        {
            return refused;
        }

        var refusal = await owners.Of(call.UserId).RemoveClaimAsync(Source(call));
        return refusal == Refusal.None ? Results.NoContent() : Problem.Of(UnknownSource);
    }

    private static readonly ProtocolError UnknownSource = ProtocolError.Invalid("source must be one that is configured for servers");

    private async ValueTask<IResult> SetPrivacyAsync(ApiCall call, string userId, bool isAllowed)
    {
        var fields = call.Fields;
        var change = fields.Privacy();
        if (Refused(call, isAllowed, fields) is { } refused)
        {
            return refused;
        }

        var now = await selves.Of(userId).SetPrivacyAsync(change);
        return Results.Ok(new PrivacyAnswer(new(
            AudienceNames.Text(now.ShowOnlineStatus), AudienceNames.Text(now.ShowLastSeen), AudienceNames.Text(now.ShowActivity))));
    }

    private static IResult? Refused(ApiCall call, bool isAllowed, Fields fields) =>
        !isAllowed ? Problem.Of(ProtocolError.Forbidden())
        : fields.Error is { } error ? Problem.Of(error)
        : null;

    private static string Source(ApiCall call) => ApiTarget.Part(call.Context, 5);
}
