using Microsoft.IdentityModel.Tokens;

namespace Presence.Gateway.Authentication;

/// <summary>The keys that may sign tokens. Nothing that a token brings along is ever one of them.</summary>
internal interface ITokenKeys
{
    /// <summary>The keys of this name, or all of them for a token without a name. None: the token is refused.</summary>
    ValueTask<IReadOnlyList<SecurityKey>> FindAsync(string? kid, CancellationToken cancellationToken);
}
