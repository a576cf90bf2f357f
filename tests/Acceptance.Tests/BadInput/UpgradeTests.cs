using System.Text;

namespace Presence.Acceptance.Tests.BadInput;

/// <summary>Rows B1 to B11: requests that are no good upgrade.</summary>
[Collection(nameof(DefaultServer))]
public class UpgradeTests(DefaultServer fixture) : ServerTests(fixture)
{
    [Fact]
    public async Task B1_NoKey_IsRefused() => Assert.Equal(400, (await RequestAsync(new Upgrade().Without("Sec-WebSocket-Key"))).Status);

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("!!!!!!!!!!!!!!!!!!!!!!==")]
    [InlineData("dGhlIHNhbXBsZSBub25jZQ==dGhlIHNhbXBsZSBub25jZQ==")]
    public async Task B2_KeyIsNotSixteenBytes_IsRefused(string key) =>
        Assert.Equal(400, (await RequestAsync(new Upgrade().Set("Sec-WebSocket-Key", key))).Status);

    [Fact]
    public async Task B3_TwoKeys_IsRefused() =>
        Assert.Equal(400, (await RequestAsync(new Upgrade().With("Sec-WebSocket-Key: " + Upgrade.Key))).Status);

    [Theory]
    [InlineData("8")]
    [InlineData("12")]
    [InlineData("14")]
    [InlineData("13, 8")]
    [InlineData("x")]
    [InlineData(null)]
    public async Task B4_OtherVersion_IsToldTheRightOne(string? version)
    {
        var upgrade = new Upgrade().Without("Sec-WebSocket-Version");

        var reply = await RequestAsync(version is null ? upgrade : upgrade.With("Sec-WebSocket-Version: " + version));

        Assert.Equal(426, reply.Status);
        Assert.Equal("13", reply.Header("Sec-WebSocket-Version"));
    }

    [Theory]
    [InlineData("/ws")]
    [InlineData("/")]
    public async Task B5_Post_IsRefused(string target)
    {
        var reply = await RequestAsync(new Upgrade { Method = "POST", Target = target }.With("Content-Length: 0"));

        Assert.True(reply.Status is 400 or 405, $"Got {reply.Status}.");
    }

    [Theory]
    [InlineData("HTTP/1.0")]
    [InlineData("HTTP/0.9")]
    [InlineData("HTTP/1.2")]
    [InlineData("HTTP/2.0")]
    public async Task B6_OtherHttpVersion_IsRefused(string version)
    {
        var reply = await RequestAsync(new Upgrade { Version = version });

        Assert.True(reply.Status is 400 or 505, $"Got {reply.Status}.");
    }

    [Fact]
    public async Task B7_NoHost_IsRefused() => Assert.Equal(400, (await RequestAsync(new Upgrade().Without("Host"))).Status);

    [Theory]
    [InlineData("Upgrade", "h2c")]
    [InlineData("Upgrade", "websocket2")]
    [InlineData("Connection", "keep-alive")]
    [InlineData("Connection", "close")]
    public async Task B8_B9_NotAnUpgradeToWebSocket_IsRefused(string name, string value) =>
        Assert.Equal(400, (await RequestAsync(new Upgrade().Set(name, value))).Status);

    [Fact]
    public async Task B10_PlainGetOfTheSocketPath_SaysUpgradeRequired()
    {
        var first = await RequestAsync(new Upgrade { Lines = ["Host: a"] });
        var second = await RequestAsync(new Upgrade { Target = "/ws?x=%00<script>", Lines = ["Host: b"] });

        Assert.Equal(426, first.Status);
        Assert.Equal(first.Status, second.Status);
        Assert.Equal(first.Body, second.Body);
    }

    [Theory]
    [InlineData("/nothing")]
    [InlineData("/ws/../admin")]
    [InlineData("//ws")]
    [InlineData("/WS%2f")]
    [InlineData("/ws/")]
    [InlineData("/WS")]
    [InlineData("/ws;x")]
    [InlineData("/ws%00")]
    [InlineData("/..%2f..%2fetc/passwd")]
    [InlineData("/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/appsettings.json")]
    public async Task B11_UnknownPath_IsNotFound(string target)
    {
        var unknown = await RequestAsync(new Upgrade { Target = "/unknown" });

        var reply = await RequestAsync(new Upgrade { Target = target });

        Assert.True(reply.Status == 404 || (reply.Status == 400 && target.Contains("%00", StringComparison.Ordinal)), $"Got {reply.Status}.");
        Assert.Equal(unknown.Body, reply.Body);
    }

    [Fact]
    public async Task B18_LongRequestLine_IsRefused() =>
        Assert.Equal(414, (await RequestAsync(new Upgrade { Target = "/ws?" + new string('a', 9 * 1024) })).Status);

    [Fact]
    public async Task B19_LongHeaders_AreRefused() =>
        Assert.Equal(431, (await RequestAsync(new Upgrade().With("X-Long: " + new string('a', 40 * 1024)))).Status);

    [Fact]
    public async Task B19_ManyHeaders_AreRefused() =>
        Assert.Equal(431, (await RequestAsync(new Upgrade().With([.. Enumerable.Range(0, 120).Select(i => $"X-{i}: a")]))).Status);

    [Theory]
    [InlineData("Content-Length: 5")]
    [InlineData("Transfer-Encoding: chunked")]
    public async Task B21_UpgradeWithABody_IsRefused(string line) => Assert.Equal(400, (await RequestAsync(new Upgrade().With(line))).Status);

    [Theory]
    [InlineData("Host: presence.example\r\n", "Host: presence.example\n")]
    [InlineData("Connection: Upgrade\r\n", "Connection: Upgrade\n")]
    [InlineData("GET /ws HTTP/1.1\r\n", "GET /ws HTTP/1.1\n")]
    [InlineData("Version: 13\r\n\r\n", "Version: 13\r\n\n")]
    public async Task B22_BareLineFeed_IsRefused(string line, string instead)
    {
        var request = new Upgrade().ToString();
        Assert.Contains(line, request, StringComparison.Ordinal);

        var reply = await RawSocket.RequestAsync(
            Server.Port, Encoding.ASCII.GetBytes(request.Replace(line, instead, StringComparison.Ordinal) + "\r\n\r\n"));

        Assert.Equal(400, reply.Status);
    }

    [Theory]
    [InlineData("TRACE", "/")]
    [InlineData("TRACE", "/ws")]
    [InlineData("PUT", "/")]
    [InlineData("PUT", "/ws")]
    [InlineData("DELETE", "/ws")]
    [InlineData("CONNECT", "presence.example:80")]
    [InlineData("CONNECT", "/ws")]
    [InlineData("OPTIONS", "*")]
    [InlineData("BREW", "/ws")]
    public async Task B28_OtherMethods_AreRefusedAndEchoNothing(string method, string target)
    {
        var reply = await RequestAsync(new Upgrade { Method = method, Target = target, Lines = ["Host: a", "X-Secret: echo-me"] });

        Assert.True(reply.Status is 400 or 405, $"Got {reply.Status}.");
        Assert.DoesNotContain("echo-me", reply.Body + string.Concat(reply.Headers), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/metrics")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/health/startup")]
    [InlineData("/admin")]
    public async Task B29_ManagementPathOnThePublicPort_IsNotFound(string target)
    {
        foreach (var host in new[] { "a", $"127.0.0.1:{Server.ManagementPort}" })
        {
            Assert.Equal(404, (await RequestAsync(new Upgrade { Target = target, Lines = ["Host: " + host] })).Status);
        }
    }

    [Fact]
    public async Task B31_Http2WithoutTls_IsRefused()
    {
        await using var socket = await RawSocket.ConnectAsync(Server.Port);

        await socket.SendAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x4\0\0\0\0\0"u8.ToArray());

        var reply = await socket.ReadHttpAsync();
        Assert.True(reply.Status is 0 or 400 or 505, $"Got {reply.Status}.");
        Assert.True((await socket.ReadToEndAsync())[^1].IsEnd);
    }

    [Fact]
    public async Task Upgrade_BehindAnotherRequest_IsAnsweredAfterIt()
    {
        await using var socket = await RawSocket.ConnectAsync(Server.Port);

        await socket.SendAsync((byte[])[.. new Upgrade { Target = "/", Lines = ["Host: a"] }.ToBytes(), .. new Upgrade().ToBytes()]);

        Assert.Contains("<html", (await socket.ReadHttpAsync()).Body, StringComparison.Ordinal);
        Assert.Equal(101, (await socket.ReadHttpAsync()).Status);
        await socket.SendTextAsync("""{"type":"authenticate","userId":"behind","token":"behind"}""");
        Assert.Contains("\"authenticated\"", (await socket.ReadDataAsync()).Text, StringComparison.Ordinal);
    }
}
