using System.Text.Json;
using Presence.Gateway.Authentication;
using Presence.Gateway.Protocol;

namespace Presence.Gateway.Http.Api;

/// <summary>A call whose token is good and whose parts can be read.</summary>
/// <param name="Context">The request.</param>
/// <param name="Caller">Whom the token stands for.</param>
/// <param name="UserId">The user in the path; empty when the path names none.</param>
/// <param name="Body">The body; an empty object when the call has none.</param>
internal sealed record ApiCall(HttpContext Context, Identity Caller, string UserId, JsonElement Body)
{
    public Fields Fields => new(Body);

    public bool IsServer => Caller.Scopes.HasFlag(Scopes.Server);

    public bool IsAdmin => Caller.Scopes.HasFlag(Scopes.Admin);

    /// <summary>Whether the caller may change the user of the path: the user itself, and a trusted server.</summary>
    public bool MayChange => IsServer || Caller.UserId == UserId;
}

/// <summary>Answers a call.</summary>
internal delegate ValueTask<IResult> ApiAction(ApiCall call);
