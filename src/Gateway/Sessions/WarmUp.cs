using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Presence.Gateway.Authentication;
using Presence.Grains.Settings;

namespace Presence.Gateway.Sessions;

/// <summary>
/// Connects to the gateway's own port and says what clients usually say, before anybody else is let in: the first users of a new
/// process need not wait for the compiler (docs/decisions/0005-runtime-settings.md). A gateway that only speaks TLS starts without.
/// </summary>
internal sealed class WarmUp(GatewayState state, IServer server, ManagementOptions management, ILogger<WarmUp> logger) : IHostedLifecycleService
{
    /// <summary>Who is on the connection. Nobody's user: no client may use an id with a control character.</summary>
    public static readonly Identity Identity = new("\u0001warm-up", null, null, null);

    private const int CloseNormally = 0x88;
    private const int Text = 0x81;
    private const int Masked = 0x80;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly string[] _messages =
    [
        $$"""{"type":"authenticate","userId":"x","token":"{{state.WarmUpKey}}","device":{"id":"x","type":"web","name":"x"},"features":["batch"],"id":1}""",
        """{"type":"subscribe","userIds":["x","y"],"known":{"x":1},"id":"2"}""",
        """{"type":"get_presence","userIds":["x","y"]}""",
        """{"type":"set_status","status":"idle"}""",
        """{"type":"heartbeat","active":true}""",
        """{"type":"set_status","status":"busy"}""",
        """{"type":"set_status","status":"online"}""",
        """{"type":"unsubscribe","userIds":["x","y"],"id":3}""",
    ];

    /// <summary>The server listens; nobody is let in yet.</summary>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        if (Address() is not { } address)
        {
            return;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await TalkAsync(address, patience.Token);
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            // Only the first users' time is lost.
            WarmUpLog.Failed(logger, e);
        }

        // What the start leaves behind, and what it has made to stay, is moved now and not while somebody waits.
        GC.Collect();
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Each message after the answer to the one before, as clients do. Returns when the server has closed the connection, and so has seen its user out.</summary>
    private async Task TalkAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        using var client = new TcpClient(address.AddressFamily);
        await client.ConnectAsync(address, cancellationToken);
        var stream = client.GetStream();
        var answer = new byte[4096];

        // The first request is for nothing: the second one then finds a connection that waits.
        var host = $"HTTP/1.1\r\nHost: localhost:{address.Port}\r\n";
        await AskAsync(Encoding.ASCII.GetBytes($"HEAD /{state.WarmUpKey} {host}\r\n"));
        var upgrade = $"GET /ws {host}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {state.WarmUpKey}\r\n\r\n";
        var length = await AskAsync(Encoding.ASCII.GetBytes(upgrade));
        if (!answer.AsSpan(0, length).StartsWith("HTTP/1.1 101"u8))
        {
            throw new IOException($"The gateway refused its own handshake: {Encoding.ASCII.GetString(answer, 0, Math.Min(length, 40))}");
        }

        foreach (var message in _messages)
        {
            await AskAsync(Frame(message));
        }

        await stream.WriteAsync(new byte[] { CloseNormally, Masked, 0, 0, 0, 0 }, cancellationToken);
        await stream.CopyToAsync(Stream.Null, cancellationToken);

        async Task<int> AskAsync(byte[] message)
        {
            await stream.WriteAsync(message, cancellationToken);
            var length = await stream.ReadAsync(answer, cancellationToken);
            return length > 0 ? length : throw new IOException("The gateway closed the connection.");
        }
    }

    /// <summary>The first one without TLS that is for clients.</summary>
    private IPEndPoint? Address()
    {
        var managementPort = management.ManagementUrl.Length > 0 ? new Uri(management.ManagementUrl).Port : 0;
        var own = server.Features.Get<IServerAddressesFeature>()?.Addresses.Select(BindingAddress.Parse)
            .FirstOrDefault(address => address is { Scheme: "http", IsUnixPipe: false, IsNamedPipe: false } && address.Port != managementPort);
        var isOne = IPAddress.TryParse(own?.Host, out var ip) && !ip.Equals(IPAddress.Any) && !ip.Equals(IPAddress.IPv6Any);
        return own is null ? null : new(isOne ? ip! : IPAddress.Loopback, own.Port);
    }

    /// <summary>As a client sends it, under a mask of zeros.</summary>
    private static byte[] Frame(string message) =>
        message.Length < 126
            ? [Text, (byte)(Masked | message.Length), 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(message)]
            : [Text, Masked | 126, 0, (byte)message.Length, 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(message)];
}

internal static partial class WarmUpLog
{
    [LoggerMessage(2230, LogLevel.Warning, "The gateway could not warm up.")]
    public static partial void Failed(ILogger logger, Exception exception);
}
