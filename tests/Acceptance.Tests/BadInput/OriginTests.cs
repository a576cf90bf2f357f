using System.Buffers.Text;
using System.Text;

namespace Presence.Acceptance.Tests.BadInput;

/// <summary>Rows B12 to B17 and B23 to B26: who may open a socket from where, and what an upgrade may carry.</summary>
[Collection(nameof(DefaultServer))]
public class OriginTests(DefaultServer fixture) : ServerTests(fixture)
{
    [Theory]
    [InlineData("https://app.example.com")]
    [InlineData("http://presence.example")]
    [InlineData("https://presence.example")]
    public async Task AllowedOrigin_IsUpgraded(string origin) =>
        Assert.Equal(101, (await RequestAsync(new Upgrade().With("Origin: " + origin))).Status);

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("https://app.example.com.evil.example")]
    [InlineData("https://evilapp.example.com")]
    [InlineData("https://app.example.com@evil.example")]
    [InlineData("https://app.example.com/")]
    [InlineData("https://app.example.com, https://evil.example")]
    [InlineData("https://evil.example, https://app.example.com")]
    [InlineData("http://app.example.com")]
    [InlineData("https://app.example.com:444")]
    [InlineData("https://app.example.com:443")]
    [InlineData("http://presence.example:81")]
    [InlineData("ftp://presence.example")]
    [InlineData("presence.example")]
    public async Task B12_to_B15_OtherOrigin_IsForbidden(string origin)
    {
        Assert.Equal(403, (await RequestAsync(new Upgrade().With("Origin: " + origin))).Status);
        Assert.Equal(403, (await RequestAsync(new Upgrade { Target = "/" }.With("Origin: " + origin))).Status);
    }

    [Fact]
    public async Task B15_SameHostWithAnotherPort_IsForbidden()
    {
        var upgrade = new Upgrade().Set("Host", "presence.example:8080");

        Assert.Equal(101, (await RequestAsync(upgrade.With("Origin: http://presence.example:8080"))).Status);
        Assert.Equal(403, (await RequestAsync(upgrade.With("Origin: http://presence.example"))).Status);
        Assert.Equal(403, (await RequestAsync(upgrade.With("Origin: https://presence.example:8080"))).Status);
    }

    [Fact]
    public async Task B16_TwoOrigins_IsForbidden()
    {
        const string allowed = "Origin: https://app.example.com";

        Assert.Equal(403, (await RequestAsync(new Upgrade().With(allowed, allowed))).Status);
        Assert.Equal(403, (await RequestAsync(new Upgrade().With(allowed, "Origin: https://evil.example"))).Status);
    }

    [Fact]
    public async Task B17_CookieWithoutToken_AuthenticatesNobody()
    {
        await using var client = await ConnectAsync(new Upgrade().With("Cookie: token=alice; access_token=alice; session=alice"));

        await client.SendAsync(new { type = "get_presence", userIds = new[] { "alice" } });

        Outcome.IsError(await client.NextAsync(), "unauthenticated", "Not authenticated");
    }

    [Theory]
    [InlineData("permessage-deflate; server_max_window_bits=99; x=")]
    [InlineData("permessage-deflate")]
    [InlineData("permessage-deflate; client_max_window_bits, x-webkit-deflate-frame")]
    [InlineData(";;;,,,==")]
    public async Task B23_Extensions_AreNotNegotiated(string extensions)
    {
        var reply = await RequestAsync(new Upgrade().With("Sec-WebSocket-Extensions: " + extensions));

        Assert.Equal(101, reply.Status);
        Assert.Null(reply.Header("Sec-WebSocket-Extensions"));
        Assert.Equal(Upgrade.Accept, reply.Header("Sec-WebSocket-Accept"));
    }

    [Theory]
    [InlineData("chat", null)]
    [InlineData("presence.v2.json, graphql-ws", null)]
    [InlineData("PRESENCE.V1.JSON", null)]
    [InlineData("presence.v1.json", "presence.v1.json")]
    [InlineData("chat, presence.v1.json", "presence.v1.json")]
    public async Task B24_Subprotocol_IsEchoedOnlyWhenItIsOurs(string offered, string? echoed)
    {
        var reply = await RequestAsync(new Upgrade().With("Sec-WebSocket-Protocol: " + offered));

        Assert.Equal(101, reply.Status);
        Assert.Equal(echoed, reply.Header("Sec-WebSocket-Protocol"));
    }

    [Fact]
    public async Task B25_TokenInTheQuery_IsIgnoredAndNotLogged()
    {
        var secret = NewUser("secret");
        await using var client = await ConnectAsync(new Upgrade { Target = "/ws?access_token=" + secret });

        await client.SendAsync(new { type = "heartbeat" });

        Outcome.IsError(await client.NextAsync(), "unauthenticated", "Not authenticated");
        Assert.DoesNotContain(Server.Output.Lines, line => line.Contains(secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task B26_ForgedProxyHeaders_OpenNothing()
    {
        string[] forged = ["X-Forwarded-For: 1.2.3.4", "X-Real-IP: 1.2.3.4", "X-Forwarded-Proto: https", "X-Forwarded-Host: evil.example", "Forwarded: host=evil.example"];

        Assert.Equal(403, (await RequestAsync(new Upgrade().With(forged).With("Origin: https://evil.example"))).Status);
        Assert.Equal(404, (await RequestAsync(new Upgrade { Target = "/metrics" }.With(forged))).Status);
        Assert.DoesNotContain(Server.Output.Lines, line => line.Contains("1.2.3.4", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Authorization: Bearer ", false)]
    [InlineData("Authorization: bearer ", false)]
    [InlineData("Sec-WebSocket-Protocol: presence.v1.json, base64url.bearer.presence.", true)]
    public async Task TokenInTheUpgrade_SignsIn(string start, bool isEncoded)
    {
        var user = NewUser();
        var token = isEncoded ? Base64Url.EncodeToString(Encoding.UTF8.GetBytes(user)) : user;
        await using var client = await ConnectAsync(new Upgrade().With(start + token));

        Assert.Equal(user, (await client.ExpectAsync("authenticated"))["userId"]);
        Outcome.Error(await client.AskAsync(new { type = "authenticate", userId = user, token = "t" }), "already_authenticated");
    }

    [Theory]
    [InlineData("Authorization: Bearer ")]
    [InlineData("Authorization: Basic YWxpY2U6YWxpY2U=")]
    [InlineData("Authorization: alice")]
    public async Task NoBearerTokenInTheHeader_SignsNobodyIn(string line)
    {
        await using var client = await ConnectAsync(new Upgrade().With(line));

        await client.SendAsync(new { type = "heartbeat" });

        Outcome.IsError(await client.NextAsync(), "unauthenticated", "Not authenticated");
    }

    [Theory]
    [InlineData("Sec-WebSocket-Protocol: presence.v1.json, base64url.bearer.presence.")]
    [InlineData("Sec-WebSocket-Protocol: presence.v1.json, base64url.bearer.presence.***")]
    [InlineData("Sec-WebSocket-Protocol: presence.v1.json, base64url.bearer.presence.a")]
    [InlineData("Sec-WebSocket-Protocol: presence.v1.json, base64url.bearer.presence.AAA")]
    public async Task BadTokenInTheUpgrade_IsUnauthorized(string line)
    {
        var reply = await RequestAsync(new Upgrade().With(line));

        Assert.Equal(401, reply.Status);
        Assert.DoesNotContain("base64url", string.Concat(reply.Headers), StringComparison.Ordinal);
    }
}
