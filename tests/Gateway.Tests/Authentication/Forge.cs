using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Presence.Gateway.Tests.Authentication;

/// <summary>Makes tokens by hand, so that they may be wrong in every way.</summary>
internal static class Forge
{
    public const string Issuer = "https://id.example";
    public const string Audience = "presence";
    public const string Secret = "q3Vh8xJ2mN0pLz7RbT5cWy4KfD1gSa9E";
    public const string User = "alice";

    public static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A good header with these members set (JSON), or removed (null).</summary>
    public static string Header(string algorithm, params (string Name, string? Json)[] changes) =>
        With(new JsonObject { ["alg"] = algorithm, ["typ"] = "JWT" }, changes);

    /// <summary>A good payload with these members set (JSON), or removed (null).</summary>
    public static string Payload(params (string Name, string? Json)[] changes) => With(
        new JsonObject
        {
            ["iss"] = Issuer,
            ["aud"] = Audience,
            ["sub"] = User,
            ["iat"] = Now.ToUnixTimeSeconds(),
            ["exp"] = Now.AddMinutes(10).ToUnixTimeSeconds(),
        },
        changes);

    public static string Sign(string header, string payload, Func<byte[], byte[]> sign)
    {
        var signed = $"{Encode(header)}.{Encode(payload)}";
        return $"{signed}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    public static string Hs256(params (string Name, string? Json)[] claims) => Sign(Header("HS256"), Payload(claims), Hmac(Secret));

    public static Func<byte[], byte[]> Hmac(string secret) => Hmac(Encoding.UTF8.GetBytes(secret));

    public static Func<byte[], byte[]> Hmac(byte[] secret) => data => HMACSHA256.HashData(secret, data);

    public static Func<byte[], byte[]> By(RSA key) => data => key.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    public static Func<byte[], byte[]> By(ECDsa key) => data => key.SignData(data, HashAlgorithmName.SHA256);

    public static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    public static string Seconds(double after) =>
        JsonSerializer.Serialize(Now.AddSeconds(after).ToUnixTimeSeconds());

    public static string Jwks(params JsonObject[] keys) => new JsonObject { ["keys"] = new JsonArray([.. keys]) }.ToJsonString();

    public static JsonObject Jwk(RSA key, string? kid)
    {
        var numbers = key.ExportParameters(includePrivateParameters: false);
        return new()
        {
            ["kty"] = "RSA",
            ["kid"] = kid,
            ["n"] = Base64Url.EncodeToString(numbers.Modulus),
            ["e"] = Base64Url.EncodeToString(numbers.Exponent),
        };
    }

    public static JsonObject Jwk(ECDsa key, string? kid)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new()
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["kid"] = kid,
            ["x"] = Base64Url.EncodeToString(point.X),
            ["y"] = Base64Url.EncodeToString(point.Y),
        };
    }

    private static string With(JsonObject json, (string Name, string? Json)[] changes)
    {
        foreach (var (name, value) in changes)
        {
            json.Remove(name);
        }

        // Appended as text: some of what is tried here is no JSON that a writer would write.
        var text = json.ToJsonString()[1..^1];
        var added = changes.Where(change => change.Json is not null).Select(change => $"\"{change.Name}\":{change.Json}");
        return "{" + string.Join(',', added.Prepend(text).Where(part => part.Length > 0)) + "}";
    }
}
