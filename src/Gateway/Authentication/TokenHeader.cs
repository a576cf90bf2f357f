using System.Text.Json;

namespace Presence.Gateway.Authentication;

/// <summary>What the header may say. It chooses nothing but one of our own keys.</summary>
/// <param name="Kid">A key's name in our key set; null when the token names none.</param>
/// <param name="Refusal">Why the token is refused whatever its signature.</param>
internal readonly record struct TokenHeader(string? Kid, TokenRefusal Refusal)
{
    // Keys brought along or pointed to, extensions that change what is signed, encryption, compression.
    private static readonly string[] Forbidden = ["jku", "jwk", "x5u", "x5c", "crit", "b64", "enc", "zip"];

    public static TokenHeader Read(JsonElement header, string algorithm)
    {
        if (!header.TryGetProperty("alg", out var alg) || alg.ValueKind != JsonValueKind.String || alg.GetString() != algorithm)
        {
            return new(null, TokenRefusal.Algorithm);
        }

        if (Array.Exists(Forbidden, name => header.TryGetProperty(name, out _)))
        {
            return new(null, TokenRefusal.ForbiddenHeader);
        }

        if (header.TryGetProperty("typ", out var typ) && !IsAccessToken(typ))
        {
            return new(null, TokenRefusal.Type);
        }

        if (!header.TryGetProperty("kid", out var kid))
        {
            return new(null, TokenRefusal.None);
        }

        return kid.ValueKind == JsonValueKind.String ? new(kid.GetString(), TokenRefusal.None) : new(null, TokenRefusal.Key);
    }

    private static bool IsAccessToken(JsonElement typ) =>
        typ.ValueKind == JsonValueKind.String
        && (string.Equals(typ.GetString(), "JWT", StringComparison.OrdinalIgnoreCase)
            || string.Equals(typ.GetString(), "at+jwt", StringComparison.OrdinalIgnoreCase));
}
