using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Presence.Harness.Wire;

/// <summary>What came on a socket and was not asked for yet, cut into frames or an answer of HTTP.</summary>
/// <remarks>Its reads throw <see cref="SocketException"/> for a reset and <see cref="EndOfStreamException"/> for the end of the bytes.</remarks>
internal sealed class ReceiveBuffer(Socket socket)
{
    private byte[] _buffer = new byte[4096];
    private int _start;
    private int _end;

    /// <summary>In bytes.</summary>
    public int Length => _end - _start;

    public override string ToString() => Encoding.Latin1.GetString(_buffer, _start, Length);

    public async Task<HttpReply> ReadHttpAsync(CancellationToken timeout)
    {
        int length;
        while ((length = _buffer.AsSpan(_start, Length).IndexOf("\r\n\r\n"u8)) < 0)
        {
            await FillAsync(Length + 1, timeout);
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

    public async Task<WireFrame> ReadFrameAsync(CancellationToken timeout)
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

    public async Task<byte[]> ReadAsync(int count, CancellationToken timeout)
    {
        await FillAsync(count, timeout);
        return Take(count);
    }

    private async Task FillAsync(int count, CancellationToken timeout)
    {
        while (Length < count)
        {
            if (_start > 0)
            {
                _buffer.AsSpan(_start, Length).CopyTo(_buffer);
                (_start, _end) = (0, Length);
            }

            if (_end == _buffer.Length)
            {
                Array.Resize(ref _buffer, Math.Max(count, _buffer.Length * 2));
            }

            var got = await socket.ReceiveAsync(_buffer.AsMemory(_end), timeout);
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
