using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace Presence.Gateway.Authentication;

/// <summary>The public keys of a JSON Web Key Set that fit the one algorithm; all others are as if they were not there.</summary>
internal sealed class KeySet
{
    public static readonly KeySet Empty = new([]);

    private const int MinRsaBits = 2048;

    private readonly IReadOnlyList<SecurityKey> _all;
    private readonly ILookup<string, SecurityKey> _byName;

    private KeySet(IReadOnlyList<SecurityKey> keys)
    {
        _all = keys;
        _byName = keys.ToLookup(key => key.KeyId ?? "", StringComparer.Ordinal);
    }

    public int Count => _all.Count;

    public IReadOnlyList<SecurityKey> Find(string? kid) => kid is null ? _all : [.. _byName[kid]];

    /// <exception cref="JsonException">Not a key set.</exception>
    public static KeySet Parse(ReadOnlySpan<byte> json, string algorithm)
    {
        var root = JsonElement.Parse(json);
        return root.ValueKind == JsonValueKind.Object
            && root.TryGetProperty("keys", out var keys) && keys.ValueKind == JsonValueKind.Array
            ? new([.. keys.EnumerateArray().Select(key => Read(key, algorithm)).OfType<SecurityKey>()])
            : throw new JsonException("Not a JSON Web Key Set.");
    }

    // Only the public numbers are taken: neither certificates nor secrets that a set may hold as well.
    private static SecurityKey? Read(JsonElement key, string algorithm)
    {
        try
        {
            if (Text(key, "use") is not (null or "sig") || (Text(key, "alg") is { } alg && alg != algorithm))
            {
                return null;
            }

            SecurityKey? result = (algorithm, Text(key, "kty"), Text(key, "crv")) switch
            {
                ("RS256", "RSA", _) => ReadRsa(key),
                ("ES256", "EC", "P-256") => ReadEc(key),
                _ => null,
            };
            result?.KeyId = Text(key, "kid");
            return result;
        }
        catch (Exception e) when (e is FormatException or CryptographicException or InvalidOperationException)
        {
            // One key that cannot be read must not cost the others.
            return null;
        }
    }

    private static RsaSecurityKey? ReadRsa(JsonElement key)
    {
        var rsa = new RsaSecurityKey(new RSAParameters { Modulus = Number(key, "n"), Exponent = Number(key, "e") });
        return rsa.KeySize >= MinRsaBits ? rsa : null;
    }

    private static ECDsaSecurityKey ReadEc(JsonElement key) => new(ECDsa.Create(new ECParameters
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = new ECPoint { X = Number(key, "x"), Y = Number(key, "y") },
    }));

    private static byte[] Number(JsonElement key, string name) => Base64Url.DecodeFromChars(Text(key, name));

    private static string? Text(JsonElement key, string name) => key.TryGetProperty(name, out var value) ? value.GetString() : null;
}
