using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace Presence.Client.Tests.Harness;

/// <summary>A server whose every word is the test's, for what a real one says rarely.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Channel<ScriptedConnection> _connections = Channel.CreateUnbounded<ScriptedConnection>();
    private readonly Task _accepting;

    public ScriptedServer()
    {
        Port = StandaloneServer.FreePort();
        _listener.Prefixes.Add($"http://127.0.0.1:{Port}/");
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>The next client that connects; it has said <c>authenticate</c> and waits.</summary>
    public async Task<ScriptedConnection> NextAsync()
    {
        using var deadline = new CancellationTokenSource(Wait.Deadline);
        return await _connections.Reader.ReadAsync(deadline.Token);
    }

    /// <summary>The next client, let in.</summary>
    public async Task<ScriptedConnection> WelcomeAsync(string userId = "me")
    {
        var connection = await NextAsync();
        Assert.Equal("authenticate", (await connection.ReadAsync()).GetProperty("type").GetString());
        await connection.SayAsync($$"""
            {"type":"authenticated","userId":"{{userId}}","presence":{"userId":"{{userId}}","status":"online","lastSeen":null,"version":1},
             "connectionId":"c","deviceId":"d","heartbeatInterval":20000,"heartbeatTimeout":45000,"serverTime":"2026-01-01T12:00:00Z"}
            """);
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                var socket = await context.AcceptWebSocketAsync("presence.v1.json");
                _connections.Writer.TryWrite(new(socket.WebSocket));
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // The listener is closed.
        }
    }
}

/// <summary>One connection of a <see cref="ScriptedServer"/>.</summary>
internal sealed class ScriptedConnection(WebSocket socket)
{
    public Task SayAsync(string json) => socket.SendAsync(Encoding.UTF8.GetBytes(json), WebSocketMessageType.Text, true, CancellationToken.None);

    public Task CloseAsync(int code) => socket.CloseOutputAsync((WebSocketCloseStatus)code, "", CancellationToken.None);

    public async Task<JsonElement> ReadAsync()
    {
        using var deadline = new CancellationTokenSource(Wait.Deadline);
        var buffer = new byte[64 * 1024];
        var result = await socket.ReceiveAsync(buffer, deadline.Token);
        Assert.Equal(WebSocketMessageType.Text, result.MessageType);
        return JsonDocument.Parse(buffer.AsMemory(0, result.Count)).RootElement;
    }

    /// <summary>Reads a message of this type, and answers it with its id.</summary>
    public async Task<JsonElement> AnswerAsync(string type, string reply)
    {
        var message = await ReadAsync();
        Assert.Equal(type, message.GetProperty("type").GetString());
        await SayAsync("{\"id\":" + message.GetProperty("id").GetRawText() + "," + reply.TrimStart('{'));
        return message;
    }
}
