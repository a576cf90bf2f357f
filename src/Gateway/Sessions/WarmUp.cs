using System.IO.Pipelines;
using System.Text;
using Presence.Gateway.Connections;
using Presence.Grains;
using Presence.Grains.Sinks;

namespace Presence.Gateway.Sessions;

/// <summary>
/// Lets one connection without a socket sign in and say what clients usually say, before the gateway is ready: the first users of a new
/// process wait less for the compiler (docs/decisions/0005-runtime-settings.md).
/// </summary>
/// <remarks>Its user cannot be anybody's: no client may use an id with a control character.</remarks>
internal sealed class WarmUp(ConnectionSetup setup, SinkIdentity identity, SignIn signIn, ILogger<WarmUp> logger)
    : IHostedService
{
    private const string UserId = "\u0001warm-up";

    private static readonly string[] Messages =
    [
        """{"type":"authenticate","userId":"x","token":"x","device":{"id":"x","type":"web","name":"x"},"features":["batch"],"id":1}""",
        """{"type":"subscribe","userIds":["x","y"],"known":{"x":1},"id":"2"}""",
        """{"type":"get_presence","userIds":["x","y"]}""",
        """{"type":"set_status","status":"idle"}""",
        """{"type":"heartbeat","active":true}""",
        """{"type":"set_status","status":"busy"}""",
        """{"type":"set_status","status":"online"}""",
        """{"type":"unsubscribe","userIds":["x","y"],"id":3}""",
    ];

    /// <summary>Runs after the lease is granted and before the server listens.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var input = new Pipe();
        var connection = new Connection(identity.NextConnectionId(), setup, input.Reader, new NoWire(), static () => { });
        try
        {
            var device = new Device("warm-up", DeviceType.Server, null);
            await signIn.EnterAsync(connection, new(UserId, null, null, null), device, isBatching: true, default);
            foreach (var message in Messages)
            {
                await input.Writer.WriteAsync(Frame(message), cancellationToken);
            }

            await input.Writer.CompleteAsync();
            await connection.RunAsync();
            await signIn.LeaveAsync(connection.Session!, isClean: true);
        }
        catch (Exception e) when (SinkErrors.IsTemporary(e))
        {
            // Only the first users' time is lost.
            WarmUpLog.Failed(logger, e);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>As a client sends it, under a mask of zeros.</summary>
    private static byte[] Frame(string message) =>
        message.Length < 126
            ? [0x81, (byte)(0x80 | message.Length), 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(message)]
            : [0x81, 0x80 | 126, 0, (byte)message.Length, 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(message)];

    private sealed class NoWire : Wire
    {
        public override int TrySend(ReadOnlySpan<byte> bytes) => bytes.Length;

        public override Task SendAsync(ReadOnlyMemory<byte> bytes) => Task.CompletedTask;
    }
}

internal static partial class WarmUpLog
{
    [LoggerMessage(2230, LogLevel.Warning, "The gateway could not warm up.")]
    public static partial void Failed(ILogger logger, Exception exception);
}
