using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Presence.Harness.Wire;

namespace Presence.Benchmarks;

/// <summary>One of very many sockets: it looks for the answer in what it hears, counts the bytes and keeps nothing.</summary>
internal sealed class RoomGuest : IAsyncDisposable
{
    private const int PerAddress = 4_000;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly SemaphoreSlim _answered = new(0);
    private Task _reading = Task.CompletedTask;
    private long _bytes;

    private static ReadOnlySpan<byte> Mark => "\"id\":\"answer\""u8;

    /// <summary>How many bytes it has heard.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    public static async Task<RoomGuest> SignInAsync(int port, int index)
    {
        var guest = new RoomGuest();

        // One address has fewer ports than there are sockets.
        guest._socket.Bind(new IPEndPoint(new IPAddress([127, 0, 0, (byte)(2 + (index / PerAddress))]), 0));
        await guest._socket.ConnectAsync(IPAddress.Loopback, port);
        await guest._socket.SendAsync(new Upgrade().ToBytes());
        guest._reading = guest.ReadAsync();
        await guest.AskAsync(string.Create(CultureInfo.InvariantCulture, $$"""{"type":"authenticate","userId":"guest-{{index}}","token":"t","id":"answer"}"""));
        return guest;
    }

    public Task JoinAsync(string room) => AskAsync($$"""{"type":"join","roomId":"{{room}}","id":"answer"}""");

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _reading;
        _answered.Dispose();
    }

    private async Task AskAsync(string message)
    {
        await _socket.SendAsync(WireFrame.MakeText(message));
        await _answered.WaitAsync();
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[4096];
        var kept = 0;
        try
        {
            while (await _socket.ReceiveAsync(buffer.AsMemory(kept)) is > 0 and var length)
            {
                Interlocked.Add(ref _bytes, length);
                var (all, from) = (kept + length, 0);
                while (buffer.AsSpan(from, all - from).IndexOf(Mark) is >= 0 and var at)
                {
                    from += at + 1;
                    _answered.Release();
                }

                // Looked at again with what follows: the mark may lie in both.
                kept = Math.Min(Mark.Length - 1, all - from);
                buffer.AsSpan(all - kept, kept).CopyTo(buffer);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The end of the measurement.
        }
    }
}
