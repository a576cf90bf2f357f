using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Presence.Acceptance.Tests.Harness;

/// <summary>A server that wants signed tokens, and takes them from the query too.</summary>
public sealed class JwtServer() : ServerFixture(
    ("GracePeriod", "00:00:01"), ("Auth:Mode", "Jwt"), ("Auth:Issuer", Issuer), ("Auth:Audience", Audience),
    ("Auth:SharedSecret", Secret), ("Auth:ClockSkew", "00:00:01"), ("Auth:AllowQueryToken", "true"))
{
    public const string Secret = "q3Vh8xJ2mN0pLz7RbT5cWy4KfD1gSa9E";
    private const string Issuer = "https://id.example";
    private const string Audience = "presence";

    public override async Task<PresenceClient> SignInAsync(string userId, string? device = null)
    {
        var client = await PresenceClient.ConnectAsync(Server);
        await client.AuthenticateAsync(userId, device, Token(userId));
        return client;
    }

    /// <summary>A good token, with these claims in place of the usual ones; null leaves one out.</summary>
    public static string Token(string userId, double expiresIn = 600, params (string Name, object? Value)[] claims)
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

[CollectionDefinition(nameof(JwtServer))]
public class JwtServerGroup : ICollectionFixture<JwtServer>;
