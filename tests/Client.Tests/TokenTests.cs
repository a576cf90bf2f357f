using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Presence.Client.Tests.Harness;

namespace Presence.Client.Tests;

/// <summary>Against the real standalone program with signed tokens.</summary>
public class TokenTests
{
    private const string Secret = "q3Vh8xJ2mN0pLz7RbT5cWy4KfD1gSa9E";

    private static readonly (string Key, string Value)[] Settings =
    [
        ("Auth:Mode", "Jwt"), ("Auth:Issuer", "https://id.example"), ("Auth:Audience", "presence"), ("Auth:SharedSecret", Secret),
        ("Auth:ClockSkew", "1s"), ("GracePeriod", "1s"),
    ];

    [Fact]
    public async Task Start_TokenRefused_ThrowsTheReason()
    {
        await using var server = await StandaloneServer.StartAsync(Settings);
        await using var eve = Watcher.On(Watcher.Options(server.Port, "eve"));

        var refusal = await Assert.ThrowsAsync<PresenceException>(() => eve.Client.StartAsync());

        Assert.Equal(("unauthenticated", 4501), (refusal.Code, refusal.CloseCode));
    }

    [Fact]
    public async Task Token_AboutToExpire_IsRefreshed()
    {
        await using var server = await StandaloneServer.StartAsync(Settings);
        var asked = 0;
        var options = Watcher.Options(server.Port, "ada");
        options.TokenProvider = _ => ValueTask.FromResult(Token("ada", seconds: ++asked == 1 ? 10 : 600));
        await using var ada = await Watcher.StartAsync(options);
        await Wait.UntilAsync("a second token", () => Volatile.Read(ref asked) == 2);

        // Beyond the first token's end and the skew: the first one would have been closed with 4040 by now.
        var end = DateTimeOffset.UtcNow + TimeSpan.FromSeconds(12);
        await Wait.UntilAsync("the first token's end", () => DateTimeOffset.UtcNow > end);

        Assert.Single(ada.Events.OfType<ConnectionChanged>(), change => change.State == PresenceConnectionState.Connected);
        Assert.DoesNotContain(ada.Events, what => what is RequestFailed);
    }

    [Fact]
    public async Task Token_ExpiresWithoutARefresh_ComesBackWithAnother()
    {
        await using var server = await StandaloneServer.StartAsync(Settings);
        var asked = 0;
        var options = Watcher.Options(server.Port, "ada");
        options.TokenProvider = _ => ++asked == 2
            ? throw new InvalidOperationException("the token service is down")
            : ValueTask.FromResult(Token("ada", seconds: asked == 1 ? 2 : 600));
        await using var ada = await Watcher.StartAsync(options);

        var lost = new ConnectionChanged(PresenceConnectionState.Reconnecting, 4040);
        await Wait.UntilAsync("the close", () => ada.Events.Contains(lost));
        await ada.IsAsync(PresenceConnectionState.Connected);

        Assert.Contains(ada.Events.OfType<RequestFailed>(), failed => failed.Error.Code == "token");
    }

    private static string Token(string userId, double seconds)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;
        var claims = new Dictionary<string, object>
        {
            ["iss"] = "https://id.example",
            ["aud"] = "presence",
            ["sub"] = userId,
            ["iat"] = now,
            ["exp"] = now + seconds,
        };
        var text = $"{Encode("""{"alg":"HS256","typ":"JWT"}""")}.{Encode(JsonSerializer.Serialize(claims))}";
        return $"{text}.{Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(text)))}";
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
