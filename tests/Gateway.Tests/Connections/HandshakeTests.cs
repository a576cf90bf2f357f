using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Presence.Gateway.Connections;
using Xunit;

namespace Presence.Gateway.Tests.Connections;

public class HandshakeTests
{
    private readonly Handshake _handshake = new(new() { AllowedOrigins = ["https://chat.example.com", "http://localhost:3000"] });

    [Fact]
    public void Check_AProperUpgrade_GoesOn() => Assert.Equal(0, Check(_ => { }));

    [Theory]
    [InlineData("POST", 405)]
    [InlineData("CONNECT", 405)]
    [InlineData("HEAD", 405)]
    public void Check_AnotherMethod_IsRefused(string method, int status) => Assert.Equal(status, Check(request => request.Method = method));

    [Theory]
    [InlineData("Upgrade", null, 400)]
    [InlineData("Upgrade", "h2c", 400)]
    [InlineData("Upgrade", "WebSocket", 0)]
    [InlineData("Upgrade", "h2c, websocket", 0)]
    [InlineData("Connection", null, 400)]
    [InlineData("Connection", "keep-alive", 400)]
    [InlineData("Connection", "keep-alive, Upgrade", 0)]
    [InlineData("Sec-WebSocket-Version", null, 426)]
    [InlineData("Sec-WebSocket-Version", "8", 426)]
    [InlineData("Sec-WebSocket-Version", "13, 8", 426)]
    [InlineData("Sec-WebSocket-Key", null, 400)]
    [InlineData("Sec-WebSocket-Key", "", 400)]
    [InlineData("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=", 400)]
    [InlineData("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZTEyMw==", 400)]
    [InlineData("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZTE=", 400)]
    [InlineData("Sec-WebSocket-Key", "????????????????????????", 400)]
    public void Check_AHeaderOfTheHandshake_IsHeldToItsRule(string name, string? value, int status) => Assert.Equal(
        status,
        Check(request =>
        {
            request.Headers.Remove(name);
            if (value is not null)
            {
                request.Headers[name] = value;
            }
        }));

    [Fact]
    public void Check_TwoKeys_IsRefused() =>
        Assert.Equal(400, Check(request => request.Headers.SecWebSocketKey = new(["dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ=="])));

    [Fact]
    public void Check_Http10_IsRefused() => Assert.Equal(400, Check(request => request.Protocol = "HTTP/1.0"));

    [Fact]
    public void Check_NoSignOfAnUpgrade_AsksForOne() => Assert.Equal(
        426,
        Check(request =>
        {
            request.Headers.Clear();
        }));

    [Theory]
    [InlineData(null, 0)]
    [InlineData("http://presence.example.com:8080", 0)]
    [InlineData("https://chat.example.com", 0)]
    [InlineData("http://localhost:3000", 0)]
    [InlineData("", 403)]
    [InlineData("null", 403)]
    [InlineData("https://presence.example.com:8080", 403)]
    [InlineData("http://presence.example.com", 403)]
    [InlineData("http://presence.example.com:80", 403)]
    [InlineData("http://presence.example.com:8080.evil.com", 403)]
    [InlineData("http://evil.com?presence.example.com:8080", 403)]
    [InlineData("https://CHAT.example.com", 403)]
    [InlineData("https://chat.example.com:443", 403)]
    [InlineData("https://chat.example.com/", 403)]
    [InlineData("http://chat.example.com", 403)]
    [InlineData("https://evil-chat.example.com", 403)]
    [InlineData("https://chat.example.com, https://evil.com", 403)]
    public void Check_Origin_IsComparedExactly(string? origin, int status) => Assert.Equal(
        status,
        Check(request =>
        {
            if (origin is not null)
            {
                request.Headers["Origin"] = origin;
            }
        }));

    [Fact]
    public void Check_TwoOrigins_IsRefused() => Assert.Equal(
        403, Check(request => request.Headers.Origin = new(["https://chat.example.com", "https://chat.example.com"])));

    /// <summary>A proxy that takes TLS off leaves the host's name without a port.</summary>
    [Theory]
    [InlineData("https://presence.example.com", 0)]
    [InlineData("http://presence.example.com", 0)]
    [InlineData("https://presence.example.com:8443", 403)]
    public void Check_HostWithoutPort_BothSchemesOfTheHostAreItsOwn(string origin, int status) => Assert.Equal(
        status,
        Check(request =>
        {
            request.Host = new("presence.example.com");
            request.Headers["Origin"] = origin;
        }));

    [Theory]
    [InlineData("presence.v1.json", "presence.v1.json")]
    [InlineData("chat, presence.v1.json", "presence.v1.json")]
    [InlineData("presence.v1.json, base64url.bearer.presence.YWxpY2U", "presence.v1.json")]
    [InlineData("base64url.bearer.presence.YWxpY2U", null)]
    [InlineData("Presence.V1.Json", null)]
    [InlineData("chat", null)]
    [InlineData(null, null)]
    public async Task Accept_Subprotocol_OnlyOursIsEchoed(string? offered, string? echoed)
    {
        var context = Upgrade();
        context.Request.Headers.SecWebSocketProtocol = offered;

        await Handshake.AcceptAsync(context);

        Assert.Equal(echoed, (string?)context.Response.Headers.SecWebSocketProtocol);
        Assert.Equal("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", context.Response.Headers.SecWebSocketAccept);
    }

    private static DefaultHttpContext Upgrade()
    {
        var context = new DefaultHttpContext();
        context.Features.Set<IHttpUpgradeFeature>(new Upgradable());
        var request = context.Request;
        request.Method = "GET";
        request.Protocol = "HTTP/1.1";
        request.Scheme = "http";
        request.Host = new("presence.example.com", 8080);
        request.Headers.Upgrade = "websocket";
        request.Headers.Connection = "Upgrade";
        request.Headers.SecWebSocketVersion = "13";
        request.Headers.SecWebSocketKey = "dGhlIHNhbXBsZSBub25jZQ=="; // Of RFC 6455, section 1.3.
        return context;
    }

    private int Check(Action<HttpRequest> change)
    {
        var context = Upgrade();
        change(context.Request);
        return _handshake.Check(context);
    }

    private sealed class Upgradable : IHttpUpgradeFeature
    {
        public bool IsUpgradableRequest => true;

        public Task<Stream> UpgradeAsync() => Task.FromResult(Stream.Null);
    }
}
