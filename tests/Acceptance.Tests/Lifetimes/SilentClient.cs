using System.Text.Json;

namespace Presence.Acceptance.Tests.Lifetimes;

/// <summary>A client that says only what the test says: it answers no ping, as one whose cable was pulled.</summary>
internal sealed class SilentClient : IAsyncDisposable
{
    private SilentClient(RawSocket socket) => Socket = socket;

    public RawSocket Socket { get; }

    public static async Task<SilentClient> SignInAsync(PresenceServer server, string userId, string device = "device")
    {
        var client = new SilentClient(await RawSocket.OpenAsync(server));
        await client.Socket.SendTextAsync(
            JsonSerializer.Serialize(new { type = "authenticate", userId, token = "t", device = new { id = device, type = "web" } }));
        await client.ReadUntilAsync(frame => frame.Opcode == Op.Text && frame.Text.Contains("\"authenticated\"", StringComparison.Ordinal));
        return client;
    }

    /// <summary>Reads, and stays silent, until so many pings have come.</summary>
    public async Task IgnorePingsAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await ReadUntilAsync(frame => frame.Opcode == Op.Ping);
        }
    }

    public async Task<WireFrame> ReadUntilAsync(Func<WireFrame, bool> isIt)
    {
        while (true)
        {
            var frame = await Socket.ReadFrameAsync();
            if (isIt(frame) || frame.IsEnd)
            {
                return frame;
            }
        }
    }

    public ValueTask DisposeAsync() => Socket.DisposeAsync();
}
