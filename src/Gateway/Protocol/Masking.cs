using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Presence.Gateway.Protocol;

/// <summary>Takes the mask off a client's payload, RFC 6455 section 5.3.</summary>
internal static class Masking
{
    /// <summary>Copies <paramref name="payload"/> to <paramref name="to"/> without its mask.</summary>
    public static void Unmask(in ReadOnlySequence<byte> payload, uint mask, Span<byte> to)
    {
        payload.CopyTo(to);
        Apply(to, mask);
    }

    private static void Apply(Span<byte> bytes, uint mask)
    {
        var wide = Vector<byte>.Count;
        var at = 0;
        if (bytes.Length >= wide)
        {
            var masks = Vector.AsVectorByte(new Vector<uint>(mask));
            var vectors = MemoryMarshal.Cast<byte, Vector<byte>>(bytes);
            for (var i = 0; i < vectors.Length; i++)
            {
                vectors[i] ^= masks;
            }

            at = vectors.Length * wide;
        }

        // A vector is a multiple of four bytes wide, so the rest starts with the mask's first byte again.
        for (var i = at; i < bytes.Length; i++)
        {
            bytes[i] ^= (byte)(mask >> (8 * (i & 3)));
        }
    }
}
