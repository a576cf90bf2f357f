using System.IO.Pipelines;
using System.Net.Sockets;

namespace Presence.Gateway.Connections;

/// <summary>Where a connection's bytes go.</summary>
internal abstract class Wire
{
    /// <summary>Sends what fits without waiting.</summary>
    /// <returns>How many bytes were taken; -1 when the connection is broken.</returns>
    public abstract int TrySend(ReadOnlySpan<byte> bytes);

    /// <summary>Sends all of it, however long the other side takes to read. Throws when the connection is broken.</summary>
    public abstract Task SendAsync(ReadOnlyMemory<byte> bytes);
}

/// <summary>
/// Straight to the socket, past Kestrel's output pipe: each write to that pipe wakes a task of its own, which costs as much as
/// the system call (docs/decisions/0002-frames-on-the-socket.md).
/// </summary>
internal sealed class SocketWire : Wire
{
    private readonly Socket _socket;

    public SocketWire(Socket socket)
    {
        _socket = socket;

        try
        {
            // Only changes what synchronous calls do: a full buffer is reported instead of waited for. Kestrel reads asynchronously.
            socket.Blocking = false;
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            // Gone during the upgrade: the reader of the connection sees it too, and every send says so.
        }
    }

    public override int TrySend(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var sent = _socket.Send(bytes, SocketFlags.None, out var error);
            return error switch
            {
                SocketError.Success => sent,
                SocketError.WouldBlock => 0,
                _ => -1,
            };
        }
        catch (ObjectDisposedException)
        {
            return -1;
        }
    }

    public override async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None)..];
        }
    }
}

/// <summary>Through Kestrel's output pipe: for transports without a plain socket, such as TLS.</summary>
internal sealed class PipeWire(PipeWriter output) : Wire
{
    /// <summary>The pipe takes bytes only as a promise, so all of them wait for <see cref="SendAsync"/>.</summary>
    public override int TrySend(ReadOnlySpan<byte> bytes) => 0;

    public override async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        var result = await output.WriteAsync(bytes);
        if (result.IsCompleted)
        {
            throw new IOException("The other side has closed the connection.");
        }
    }
}
