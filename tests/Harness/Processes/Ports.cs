using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Presence.Harness.Processes;

/// <summary>Ports at 127.0.0.1 that stay free until they are used, also for a server that is started there once more.</summary>
public static class Ports
{
    // Below those that the system gives to outgoing connections, of which a test may have thousands.
    private const int First = 12_000;
    private const int End = 32_000;

    private static readonly ConcurrentDictionary<int, bool> Given = new();

    /// <summary>A port that nobody listens at, and that this process has not been given before.</summary>
    public static int Free()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, End);
            if (Given.TryAdd(port, true) && IsFree(port))
            {
                return port;
            }
        }
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
