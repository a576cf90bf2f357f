using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using Presence.Harness.Wire;

namespace Presence.Benchmarks;

/// <summary>A client that costs little: it counts what it hears and keeps nothing.</summary>
internal sealed class Changer : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _acknowledged = new(0);
    private Task _reading = Task.CompletedTask;

    public static async Task<Changer> StartAsync(IEndpoint gateway, string userId, params string[] watches)
    {
        var changer = new Changer();
        await changer._socket.ConnectAsync(new($"ws://127.0.0.1:{gateway.Port}/ws"), default);
        changer._reading = changer.ReadAsync();
        await changer.SendAsync($$"""{"type":"authenticate","userId":"{{userId}}","token":"x","id":"a"}""");
        await changer._acknowledged.WaitAsync();
        if (watches.Length > 0)
        {
            await changer.SendAsync($$"""{"type":"subscribe","id":"a","userIds":["{{string.Join("\",\"", watches)}}"]}""");
            await changer._acknowledged.WaitAsync();
        }

        return changer;
    }

    /// <returns>How many changes were acknowledged.</returns>
    public async Task<int> ChangeAsync(CancellationToken cancellationToken)
    {
        var count = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            await SendAsync(count % 2 == 0 ? """{"type":"set_status","status":"busy","id":"a"}""" : """{"type":"set_status","status":"dnd","id":"a"}""");
            await _acknowledged.WaitAsync(CancellationToken.None);
            count++;
        }

        return count;
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _reading;
        _socket.Dispose();
    }

    private Task SendAsync(string json) => _socket.SendAsync(Encoding.UTF8.GetBytes(json), WebSocketMessageType.Text, true, CancellationToken.None);

    private async Task ReadAsync()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 18);
        try
        {
            while (true)
            {
                var length = 0;
                ValueWebSocketReceiveResult part;
                do
                {
                    part = await _socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                    length += part.Count;
                }
                while (!part.EndOfMessage);

                if (buffer.AsSpan(0, length).IndexOf("\"id\":\"a\""u8) >= 0)
                {
                    _acknowledged.Release();
                }
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The end of the measurement.
        }
    }
}
