using System.Buffers;

namespace Presence.Gateway.Tests.Protocol;

/// <summary>Bytes as they come from a socket.</summary>
internal static class FrameBytes
{
    private static readonly byte[] Mask = [0x37, 0xfa, 0x21, 0x3d];

    /// <summary>A masked frame with a payload of less than 65,536 bytes.</summary>
    public static byte[] Make(int opcode, ReadOnlySpan<byte> payload, bool isFinal = true)
    {
        byte[] length = payload.Length < 126 ? [(byte)(0x80 | payload.Length)] : [0xfe, (byte)(payload.Length >> 8), (byte)payload.Length];
        var masked = payload.ToArray();
        for (var i = 0; i < masked.Length; i++)
        {
            masked[i] ^= Mask[i & 3];
        }

        return [(byte)((isFinal ? 0x80 : 0) | opcode), .. length, .. Mask, .. masked];
    }

    /// <summary>The same bytes in several pieces of memory, cut at these places.</summary>
    public static ReadOnlySequence<byte> Cut(byte[] bytes, params IEnumerable<int> places)
    {
        var start = 0;
        var first = new Piece(ReadOnlyMemory<byte>.Empty, 0);
        var last = first;
        foreach (var place in places.Append(bytes.Length).Order())
        {
            last = last.Append(bytes.AsMemory(start, place - start));
            start = place;
        }

        return new(first, 0, last, last.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, long index) => (Memory, RunningIndex) = (memory, index);

        public Piece Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Piece(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
