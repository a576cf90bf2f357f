using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Presence.Acceptance.Tests.Harness;

/// <summary>A TCP connection to the server, on which a test writes any bytes. Every read has a deadline.</summary>
public sealed class RawSocket : IAsyncDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly Socket _socket;
    private readonly SemaphoreSlim _sending = new(1);
    private byte[] _buffer = new byte[4096];
    private int _start;
    private int _end;

    private RawSocket(Socket socket) => _socket = socket;

    /// <summary>Bytes that came and were not asked for yet.</summary>
    public int Buffered => _end - _start;

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
        PresenceServer server, Upgrade? upgrade = null, int receiveBuffer = 0, IPAddress? from = null)
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
            return await ReadFrameAsync(timeout.Token);
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
            return await ReadHttpAsync(timeout.Token);
        }
        catch (Exception e) when (e is SocketException or EndOfStreamException)
        {
            return new(0, [], "");
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"No answer within {deadline ?? Deadline}; so far: {Encoding.Latin1.GetString(_buffer, _start, Buffered)}");
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

    private async Task<HttpReply> ReadHttpAsync(CancellationToken timeout)
    {
        int length;
        while ((length = _buffer.AsSpan(_start, Buffered).IndexOf("\r\n\r\n"u8)) < 0)
        {
            await FillAsync(Buffered + 1, timeout);
        }

        var lines = Encoding.Latin1.GetString(_buffer, _start, length).Split("\r\n");
        _start += length + 4;
        var reply = new HttpReply(int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture), lines[1..], "");
        if (!int.TryParse(reply.Header("Content-Length"), CultureInfo.InvariantCulture, out var size))
        {
            return reply;
        }

        await FillAsync(size, timeout);
        return reply with { Body = Encoding.UTF8.GetString(Take(size)) };
    }

    private async Task<WireFrame> ReadFrameAsync(CancellationToken timeout)
    {
        await FillAsync(2, timeout);
        var size = _buffer[_start + 1] switch { 126 => 2, 127 => 8, _ => 0 };
        await FillAsync(2 + size, timeout);
        var head = Take(2 + size);
        Assert.True(head[1] < 128, "A server never masks.");
        var length = size switch
        {
            0 => head[1],
            2 => BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(2)),
            _ => checked((int)BinaryPrimitives.ReadUInt64BigEndian(head.AsSpan(2))),
        };
        await FillAsync(length, timeout);
        return new(head[0] & 0x0F, head[0] >= 128, Take(length));
    }

    private async Task FillAsync(int count, CancellationToken timeout)
    {
        while (Buffered < count)
        {
            if (_start > 0)
            {
                _buffer.AsSpan(_start, Buffered).CopyTo(_buffer);
                (_start, _end) = (0, Buffered);
            }

            if (_end == _buffer.Length)
            {
                Array.Resize(ref _buffer, Math.Max(count, _buffer.Length * 2));
            }

            var got = await _socket.ReceiveAsync(_buffer.AsMemory(_end), timeout);
            _end += got > 0 ? got : throw new EndOfStreamException();
        }
    }

    private byte[] Take(int count)
    {
        var bytes = _buffer[_start..(_start + count)];
        _start += count;
        return bytes;
    }
}
