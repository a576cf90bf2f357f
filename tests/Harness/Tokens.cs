using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Presence.Harness;

/// <summary>Signed tokens, good and bad ones, and the settings of the servers that take them.</summary>
public static class Tokens
{
    public const string Secret = "q3Vh8xJ2mN0pLz7RbT5cWy4KfD1gSa9E";
    private const string Issuer = "https://id.example";
    private const string Audience = "presence";

    /// <summary>Of a server that accepts these tokens, with a clock skew of a second.</summary>
    public static (string Key, string Value)[] Settings =>
    [
        ("Auth:Mode", "Jwt"), ("Auth:Issuer", Issuer), ("Auth:Audience", Audience), ("Auth:SharedSecret", Secret), ("Auth:ClockSkew", "00:00:01"),
    ];

    /// <summary>A good token, with these claims in place of the usual ones; null leaves one out.</summary>
    public static string Make(string userId, double expiresIn = 600, params (string Name, object? Value)[] claims)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;
        var payload = new Dictionary<string, object?>
        {
            ["iss"] = Issuer,
            ["aud"] = Audience,
            ["sub"] = userId,
            ["iat"] = now,
            ["exp"] = now + expiresIn,
        };
        foreach (var (name, value) in claims)
        {
            payload[name] = value;
        }

        return Sign("""{"alg":"HS256","typ":"JWT"}""", JsonSerializer.Serialize(payload.Where(c => c.Value is not null).ToDictionary()), Secret);
    }

    public static string Sign(string header, string payload, string secret)
    {
        var text = $"{Encode(header)}.{Encode(payload)}";
        return $"{text}.{Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text)))}";
    }

    public static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
