using System.Buffers;
using System.Buffers.Binary;

namespace Presence.Gateway.Protocol;

/// <summary>The header of a frame from a client, RFC 6455 section 5.2.</summary>
internal readonly record struct FrameHeader(bool IsFinal, Opcode Opcode, long PayloadLength, int HeaderLength, uint Mask)
{
    private const int MaxLength = 14;
    private const int MaxControlPayload = 125;

    public bool IsControl => (int)Opcode >= 8;

    /// <summary>Reads a header from the start of <paramref name="buffer"/>, and refuses it as soon as its bytes show that it is wrong.</summary>
    public static HeaderResult TryRead(in ReadOnlySequence<byte> buffer, out FrameHeader header)
    {
        header = default;
        Span<byte> copy = stackalloc byte[MaxLength];
        var head = Peek(buffer, copy);
        if (head.Length < 2)
        {
            return HeaderResult.Incomplete;
        }

        var opcode = head[0] & 0x0F;
        var isFinal = (head[0] & 0x80) != 0;
        long length = head[1] & 0x7F;
        var isMasked = (head[1] & 0x80) != 0;
        var isControl = opcode >= 8;
        if ((head[0] & 0x70) != 0 || !isMasked || opcode is > 2 and < 8 or > 10 || (isControl && (!isFinal || length > MaxControlPayload)))
        {
            return HeaderResult.Invalid;
        }

        var at = 2;
        if (length >= 126)
        {
            var size = length == 126 ? 2 : 8;
            if (head.Length < at + size)
            {
                return HeaderResult.Incomplete;
            }

            length = size == 2 ? BinaryPrimitives.ReadUInt16BigEndian(head[at..]) : BinaryPrimitives.ReadInt64BigEndian(head[at..]);
            at += size;
            if (length < 0)
            {
                return HeaderResult.Invalid;
            }
        }

        if (head.Length < at + 4)
        {
            // The length is known before the mask is: a giant is refused without waiting for more of it.
            header = new(isFinal, (Opcode)opcode, length, 0, 0);
            return HeaderResult.Incomplete;
        }

        header = new(isFinal, (Opcode)opcode, length, at + 4, BinaryPrimitives.ReadUInt32LittleEndian(head[at..]));
        return HeaderResult.Complete;
    }

    private static ReadOnlySpan<byte> Peek(in ReadOnlySequence<byte> buffer, Span<byte> copy)
    {
        var first = buffer.FirstSpan;
        if (first.Length >= MaxLength || buffer.IsSingleSegment)
        {
            return first;
        }

        var start = buffer.Length > MaxLength ? buffer.Slice(0, MaxLength) : buffer;
        start.CopyTo(copy);
        return copy[..(int)start.Length];
    }
}

/// <summary>What the first bytes of a frame say.</summary>
internal enum HeaderResult
{
    Incomplete,
    Complete,
    Invalid,
}
