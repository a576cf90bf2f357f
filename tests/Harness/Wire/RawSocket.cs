using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Presence.Harness.Wire;

/// <summary>A TCP connection to the server, on which a test writes any bytes. Every read has a deadline.</summary>
public sealed class RawSocket : IAsyncDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly Socket _socket;
    private readonly SemaphoreSlim _sending = new(1);
    private readonly ReceiveBuffer _received;

    private RawSocket(Socket socket)
    {
        _socket = socket;
        _received = new(socket);
    }

    /// <summary>Bytes that came and were not asked for yet.</summary>
    public int Buffered => _received.Length;

    /// <param name="port">At 127.0.0.1.</param>
    /// <param name="receiveBuffer">Small for a slow reader; 0 for what the system gives.</param>
    /// <param name="from">An address of this machine to connect from; null: the usual one.</param>
    public static async Task<RawSocket> ConnectAsync(int port, int receiveBuffer = 0, IPAddress? from = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer > 0)
        {
            socket.ReceiveBufferSize = receiveBuffer;
        }

        if (from is not null)
        {
            socket.Bind(new IPEndPoint(from, 0));
        }

        await socket.ConnectAsync(IPAddress.Loopback, port);
        return new(socket);
    }

    /// <summary>A connection that has been upgraded.</summary>
    public static async Task<RawSocket> OpenAsync(
        IEndpoint server, Upgrade? upgrade = null, int receiveBuffer = 0, IPAddress? from = null)
    {
        var socket = await ConnectAsync(server.Port, receiveBuffer, from);
        await socket.SendAsync((upgrade ?? new Upgrade()).ToBytes());
        var reply = await socket.ReadHttpAsync();
        Assert.True(reply.Status == 101, $"Awaited 101, got {reply.Status}: {string.Join("; ", reply.Headers)}");
        return socket;
    }

    /// <summary>One request and its answer.</summary>
    public static async Task<HttpReply> RequestAsync(int port, byte[] request)
    {
        await using var socket = await ConnectAsync(port);
        await socket.SendAsync(request);
        return await socket.ReadHttpAsync();
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await _sending.WaitAsync();
        try
        {
            while (bytes.Length > 0)
            {
                bytes = bytes[await _socket.SendAsync(bytes)..];
            }
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Sends what the server takes: it may have closed the connection already.</summary>
    public async Task<bool> TrySendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await SendAsync(bytes);
            return true;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    public Task SendTextAsync(string text) => SendAsync(WireFrame.MakeText(text));

    /// <summary>Ends our half: the server reads the end of the bytes.</summary>
    public void EndSending()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The server was first.
        }
    }

    /// <summary>Ends the connection with a reset.</summary>
    public void Abort()
    {
        _socket.LingerState = new(true, 0);
        _socket.Close();
    }

    /// <summary>The next frame, or how the connection ended.</summary>
    public async Task<WireFrame> ReadFrameAsync(TimeSpan? deadline = null)
    {
        using var timeout = new CancellationTokenSource(deadline ?? Deadline);
        try
        {
            return await _received.ReadFrameAsync(timeout.Token);
        }
        catch (SocketException)
        {
            return WireFrame.Reset;
        }
        catch (EndOfStreamException)
        {
            return WireFrame.End;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"No frame within {deadline ?? Deadline}; {Buffered} bytes of one have come.");
        }
    }

    /// <summary>The next frame that is no ping of the server's.</summary>
    public async Task<WireFrame> ReadDataAsync(TimeSpan? deadline = null)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var frame = await ReadFrameAsync(Left(began, deadline));
            if (frame.Opcode != Op.Ping)
            {
                return frame;
            }

            await TrySendAsync(WireFrame.Make(Op.Pong, frame.Payload));
        }
    }

    /// <summary>So many bytes, as text of one byte each.</summary>
    public async Task<string> ReadTextAsync(int count)
    {
        using var timeout = new CancellationTokenSource(Deadline);
        return Encoding.Latin1.GetString(await _received.ReadAsync(count, timeout.Token));
    }

    /// <summary>Everything until the end of the connection, the end as the last.</summary>
    public async Task<List<WireFrame>> ReadToEndAsync(TimeSpan? deadline = null)
    {
        var began = Stopwatch.GetTimestamp();
        List<WireFrame> all = [];
        do
        {
            all.Add(await ReadFrameAsync(Left(began, deadline)));
        }
        while (!all[^1].IsEnd);
        return all;
    }

    public async Task<HttpReply> ReadHttpAsync(TimeSpan? deadline = null)
    {
        using var timeout = new CancellationTokenSource(deadline ?? Deadline);
        try
        {
            return await _received.ReadHttpAsync(timeout.Token);
        }
        catch (Exception e) when (e is SocketException or EndOfStreamException)
        {
            return new(0, [], "");
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"No answer within {deadline ?? Deadline}; so far: {_received}");
        }
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _sending.Dispose();
        return ValueTask.CompletedTask;
    }

    // Pings must not prolong a wait.
    private static TimeSpan Left(long began, TimeSpan? deadline)
    {
        var left = (deadline ?? Deadline) - Stopwatch.GetElapsedTime(began);
        return left > TimeSpan.Zero ? left : throw new TimeoutException($"What was awaited did not come within {deadline ?? Deadline}.");
    }
}
