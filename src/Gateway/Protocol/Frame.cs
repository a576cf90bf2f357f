using System.Buffers.Binary;

namespace Presence.Gateway.Protocol;

/// <summary>A finished WebSocket frame, header and payload in one array: made once, shared by every socket that gets it.</summary>
internal sealed class Frame
{
    /// <summary>Longest header that a server writes: two bytes and a length of eight.</summary>
    public const int MaxHeader = 10;

    private readonly int _itemOffset;
    private readonly int _itemLength;

    private Frame(byte[] bytes, object? topic, int itemOffset, int itemLength)
    {
        Bytes = bytes;
        Topic = topic;
        _itemOffset = itemOffset;
        _itemLength = itemLength;
        CreatedAt = Environment.TickCount64;
    }

    /// <summary>What goes on the wire.</summary>
    public byte[] Bytes { get; }

    /// <summary>Whose update this is: of two frames with one topic a slow reader needs only the later. Null: needs every one.</summary>
    public object? Topic { get; }

    /// <summary>When it was made, in milliseconds of the process's own clock: how long it has waited for a slow reader.</summary>
    public long CreatedAt { get; }

    /// <summary>The presence object inside an update, for gathering several into one <c>presence_batch</c>.</summary>
    public ReadOnlySpan<byte> Item => Bytes.AsSpan(_itemOffset, _itemLength);

    /// <summary>Whether the frame ends the connection.</summary>
    public bool IsClose => (Bytes[0] & 0x0F) == (int)Opcode.Close;

    public static Frame Text(ReadOnlySpan<byte> payload) => new(Build(Opcode.Text, payload, out _), null, 0, 0);

    /// <param name="payload">The whole message.</param>
    /// <param name="topic">Whose update it is.</param>
    /// <param name="itemStart">Where in the payload the presence object begins.</param>
    /// <param name="itemLength">The length of the presence object.</param>
    public static Frame Update(ReadOnlySpan<byte> payload, object topic, int itemStart, int itemLength)
    {
        var bytes = Build(Opcode.Text, payload, out var header);
        return new(bytes, topic, header + itemStart, itemLength);
    }

    /// <summary>The beginning of a message whose rest, made once for many, follows in a frame of its own array.</summary>
    public static Frame Head(ReadOnlySpan<byte> payload, Frame rest)
    {
        Span<byte> head = stackalloc byte[MaxHeader];
        var header = WriteHeader(head, Opcode.Text, payload.Length + rest.Bytes.Length);
        return new([.. head[..header], .. payload], null, 0, 0);
    }

    /// <summary>The rest of a message, without a header: only to be queued behind its <see cref="Head"/>.</summary>
    public static Frame Rest(ReadOnlySpan<byte> payload) => new(payload.ToArray(), null, 0, 0);

    public static Frame Control(Opcode opcode, ReadOnlySpan<byte> payload) => new(Build(opcode, payload, out _), null, 0, 0);

    public static Frame Close(int code)
    {
        Span<byte> payload = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)code);
        return Control(Opcode.Close, payload);
    }

    /// <summary>Writes the header of a final, unmasked frame.</summary>
    /// <returns>Its length: 2, 4 or 10.</returns>
    public static int WriteHeader(Span<byte> to, Opcode opcode, int length)
    {
        to[0] = (byte)(0x80 | (int)opcode);
        switch (length)
        {
            case < 126:
                to[1] = (byte)length;
                return 2;
            case <= ushort.MaxValue:
                to[1] = 126;
                BinaryPrimitives.WriteUInt16BigEndian(to[2..], (ushort)length);
                return 4;
            default:
                to[1] = 127;
                BinaryPrimitives.WriteUInt64BigEndian(to[2..], (ulong)length);
                return 10;
        }
    }

    private static byte[] Build(Opcode opcode, ReadOnlySpan<byte> payload, out int header)
    {
        Span<byte> head = stackalloc byte[MaxHeader];
        header = WriteHeader(head, opcode, payload.Length);
        var bytes = GC.AllocateUninitializedArray<byte>(header + payload.Length);
        head[..header].CopyTo(bytes);
        payload.CopyTo(bytes.AsSpan(header));
        return bytes;
    }
}

/// <summary>The kinds of WebSocket frames, RFC 6455 section 5.2.</summary>
internal enum Opcode
{
    Continuation = 0,
    Text = 1,
    Binary = 2,
    Close = 8,
    Ping = 9,
    Pong = 10,
}
