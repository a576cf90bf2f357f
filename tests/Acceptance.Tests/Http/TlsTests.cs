using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace Presence.Acceptance.Tests.Http;

/// <summary>The same by TLS, where frames go through the server's pipe and not straight to the socket.</summary>
public sealed class TlsTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Authority _authority = new();
    private readonly CancellationTokenSource _patience = new(Patience);
    private PresenceServer? _server;

    private PresenceServer Server => _server!;

    public async Task InitializeAsync() => _server = await PresenceServer.StartWithTlsAsync(_authority.Issue("localhost"));

    public async Task DisposeAsync()
    {
        Assert.Empty(Server.Output.Errors);
        Assert.Equal(0, (await Server.StopAsync()).ExitCode);
        await Server.DisposeAsync();
    }

    public void Dispose()
    {
        _authority.Dispose();
        _patience.Dispose();
    }

    [Fact]
    public async Task Socket_ByTls_WatchesAndIsWatched()
    {
        var (alice, bob) = (Names.New("alice"), Names.New("bob"));
        await using var watcher = await PresenceClient.SignInAsync(Server, bob);
        using var socket = await SignInAsync(alice);
        await watcher.SubscribeAsync(alice);
        await AskAsync(socket, new { type = "subscribe", userIds = new[] { bob } }, "presence_list");

        await AskAsync(socket, new { type = "set_status", status = "busy" }, "status_updated");
        await watcher.ExpectUpdateAsync(alice, "busy");
        await watcher.SendAsync(new { type = "set_status", status = "dnd" });
        await ExpectUpdateAsync(socket, bob, "dnd");

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, _patience.Token);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
        await watcher.ExpectUpdateAsync(alice, "offline");
    }

    /// <summary>More than the kernel and the pipe hold, asked for before any of it is read.</summary>
    [Fact]
    public async Task Socket_ByTls_ReadsLate_GetsAllInOrder()
    {
        using var socket = await SignInAsync(Names.New("alice"));
        var asked = Enumerable.Range(0, 40).Select(i => Names.New($"somebody-{i}-{new string('x', 60)}")).ToArray();
        for (var id = 0; id < 15; id++)
        {
            await SendAsync(socket, new { type = "get_presence", userIds = asked, id });
        }

        for (var id = 0; id < 15; id++)
        {
            var list = await ExpectAsync(socket, "presence_list");
            Assert.Equal(id, list.GetProperty("id").GetInt32());
            Assert.Equal(asked.Length, list.GetProperty("presences").GetArrayLength());
        }
    }

    [Fact]
    public async Task Socket_ByTls_CutOff_LeavesNothingBehind()
    {
        using (var socket = await SignInAsync(Names.New("alice")))
        {
            await SendAsync(socket, new { type = "heartbeat" });
            socket.Abort();
        }

        await Until.TrueAsync(async () => await Server.MetricAsync("presence_gateway_connections") == 0, Patience, () => "The connection stays.");
    }

    private async Task<ClientWebSocket> SignInAsync(string userId)
    {
        var socket = new ClientWebSocket();
        using var authority = X509CertificateLoader.LoadCertificateFromFile(_authority.File);
        var issuer = authority.Subject;
        socket.Options.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Issuer == issuer;
        await socket.ConnectAsync(new($"wss://127.0.0.1:{Server.TlsPort}/ws"), _patience.Token);
        await AskAsync(socket, new { type = "authenticate", userId, token = "token" }, "authenticated");
        return socket;
    }

    private Task SendAsync(ClientWebSocket socket, object message) =>
        socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, endOfMessage: true, _patience.Token);

    private async Task<JsonElement> AskAsync(ClientWebSocket socket, object message, string answer)
    {
        await SendAsync(socket, message);
        return await ExpectAsync(socket, answer);
    }

    private async Task ExpectUpdateAsync(ClientWebSocket socket, string userId, string status)
    {
        while (true)
        {
            var presence = (await ExpectAsync(socket, "presence_update")).GetProperty("presence");
            if (presence.GetProperty("userId").GetString() == userId && presence.GetProperty("status").GetString() == status)
            {
                return;
            }
        }
    }

    private async Task<JsonElement> ExpectAsync(ClientWebSocket socket, string type)
    {
        while (true)
        {
            using var text = new MemoryStream();
            var buffer = new byte[4096];
            WebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(buffer, _patience.Token);
                Assert.NotEqual(WebSocketMessageType.Close, part.MessageType);
                text.Write(buffer, 0, part.Count);
            }
            while (!part.EndOfMessage);
            using var message = JsonDocument.Parse(Encoding.UTF8.GetString(text.ToArray()));
            if (message.RootElement.GetProperty("type").GetString() == type)
            {
                return message.RootElement.Clone();
            }
        }
    }
}
