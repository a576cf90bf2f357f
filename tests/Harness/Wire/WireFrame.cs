using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Presence.Harness.Wire;

/// <summary>The opcodes of RFC 6455.</summary>
public static class Op
{
    public const int Continuation = 0;
    public const int Text = 1;
    public const int Binary = 2;
    public const int Close = 8;
    public const int Ping = 9;
    public const int Pong = 10;
}

/// <summary>How a length is written in a frame's header.</summary>
public enum LengthForm
{
    Shortest,
    TwoBytes,
    EightBytes,
}

/// <summary>A frame as it came from the server, or the end of the connection.</summary>
/// <param name="Opcode">-1 for the end of the bytes, -2 for a reset.</param>
/// <param name="IsFinal">The FIN bit.</param>
/// <param name="Payload">Without the header.</param>
public sealed record WireFrame(int Opcode, bool IsFinal, byte[] Payload)
{
    public static readonly WireFrame End = new(-1, true, []);
    public static readonly WireFrame Reset = new(-2, true, []);

    private static readonly byte[] DefaultMask = [0x37, 0xfa, 0x21, 0x3d];

    public bool IsEnd => Opcode < 0;

    public string Text => Encoding.UTF8.GetString(Payload);

    /// <summary>The code of a close frame; 1005 for an empty one.</summary>
    public int CloseCode => Payload.Length < 2 ? 1005 : BinaryPrimitives.ReadUInt16BigEndian(Payload);

    /// <summary>A frame of a client, right or wrong in any way.</summary>
    /// <param name="opcode">The low four bits of the first byte.</param>
    /// <param name="payload">Before it is masked.</param>
    /// <param name="isFinal">The FIN bit.</param>
    /// <param name="reserved">The three RSV bits, RSV1 is 4.</param>
    /// <param name="mask">Four bytes; empty for a frame without a mask.</param>
    /// <param name="form">How the length is written.</param>
    /// <param name="declared">The length in the header, where it is not the payload's.</param>
    public static byte[] Make(
        int opcode, ReadOnlySpan<byte> payload, bool isFinal = true, int reserved = 0, byte[]? mask = null,
        LengthForm form = LengthForm.Shortest, ulong? declared = null)
    {
        mask ??= DefaultMask;
        var length = declared ?? (ulong)payload.Length;
        var size = form == LengthForm.EightBytes || length > ushort.MaxValue ? 8 : form == LengthForm.TwoBytes || length > 125 ? 2 : 0;
        var bytes = new byte[2 + size + mask.Length + payload.Length];
        bytes[0] = (byte)((isFinal ? 0x80 : 0) | (reserved << 4) | opcode);
        bytes[1] = (byte)((mask.Length > 0 ? 0x80 : 0) | (size == 8 ? 127 : size == 2 ? 126 : (int)length));
        if (size == 2)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)length);
        }
        else if (size == 8)
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(2), length);
        }

        mask.CopyTo(bytes, 2 + size);
        var start = 2 + size + mask.Length;
        for (var i = 0; i < payload.Length; i++)
        {
            bytes[start + i] = (byte)(payload[i] ^ (mask.Length > 0 ? mask[i & 3] : 0));
        }

        return bytes;
    }

    public static byte[] MakeText(string text) => Make(Op.Text, Encoding.UTF8.GetBytes(text));

    public static byte[] MakeClose(int code, string reason = "") => Make(Op.Close, [(byte)(code >> 8), (byte)code, .. Encoding.UTF8.GetBytes(reason)]);

    public override string ToString() => Opcode switch
    {
        -1 => "end of the bytes",
        -2 => "reset",
        Op.Text => Text,
        Op.Close => "close " + CloseCode.ToString(CultureInfo.InvariantCulture),
        _ => string.Create(CultureInfo.InvariantCulture, $"opcode {Opcode}, {Payload.Length} bytes"),
    };
}
