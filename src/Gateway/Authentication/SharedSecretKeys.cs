using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace Presence.Gateway.Authentication;

/// <summary>One secret shared with the issuer. It has no name, so a token that names a key means another one.</summary>
internal sealed class SharedSecretKeys(string secret) : ITokenKeys
{
    private readonly IReadOnlyList<SecurityKey> _keys = [new SymmetricSecurityKey(Encoding.UTF8.GetBytes(secret))];

    public ValueTask<IReadOnlyList<SecurityKey>> FindAsync(string? kid, CancellationToken cancellationToken) =>
        new(kid is null ? _keys : []);
}
