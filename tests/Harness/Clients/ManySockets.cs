using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Presence.Harness.Clients;

/// <summary>Thousands of signed-in sockets that just sit there. Blocking ones: no task, no buffer and no event for a socket that waits.</summary>
public sealed class ManySockets : IDisposable
{
    private const int PerAddress = 4_000;
    private const int Threads = 16;

    private readonly Socket[] _all;

    private ManySockets(int count) => _all = new Socket[count];

    public static ManySockets SignIn(int port, int count)
    {
        var sockets = new ManySockets(count);
        sockets.ForEach(index => sockets._all[index] = SignInOne(port, index));
        return sockets;
    }

    /// <summary>Each sends a heartbeat, and reads until it is answered.</summary>
    public void Beat() => Ask("""{"type":"heartbeat"}""", "\"heartbeat_ack\"");

    /// <summary>Each says this, and reads until the answer is there.</summary>
    public void Ask(string message, string awaited) => ForEach(index =>
    {
        _all[index].Send(WireFrame.MakeText(message));
        ReadUntil(_all[index], awaited);
    });

    public void Dispose()
    {
        foreach (var socket in _all)
        {
            socket?.Dispose();
        }
    }

    private static Socket SignInOne(int port, int index)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 30_000 };

        // One address has fewer ports than there are sockets.
        socket.Bind(new IPEndPoint(new IPAddress([127, 0, 0, (byte)(2 + (index / PerAddress))]), 0));
        socket.Connect(IPAddress.Loopback, port);
        socket.Send(new Upgrade().ToBytes());
        ReadUntil(socket, "\r\n\r\n");
        socket.Send(WireFrame.MakeText(JsonSerializer.Serialize(new { type = "authenticate", userId = $"many-{index}", token = "t" })));
        ReadUntil(socket, "\"authenticated\"");
        return socket;
    }

    private static void ReadUntil(Socket socket, string text)
    {
        Span<byte> buffer = stackalloc byte[4096];
        var length = 0;
        while (buffer[..length].IndexOf(Encoding.ASCII.GetBytes(text)) < 0)
        {
            var got = socket.Receive(buffer[length..]);
            length += got > 0 ? got : throw new EndOfStreamException($"Ended while {text} was awaited, after {Encoding.UTF8.GetString(buffer[..length])}");
        }
    }

    private void ForEach(Action<int> act) => Parallel.For(0, _all.Length, new ParallelOptions { MaxDegreeOfParallelism = Threads }, act);
}
