using System.Buffers;

namespace Presence.Gateway.Protocol;

/// <summary>One whole message of a client.</summary>
/// <param name="Kind">What it is; <see cref="MessageKind.None"/> when nothing whole has come.</param>
/// <param name="Code">The close code of a close or a fault.</param>
internal readonly record struct Message(MessageKind Kind, int Code)
{
    private byte[]? Buffer { get; init; }

    private int Length { get; init; }

    /// <summary>The payload, until <see cref="Release"/>.</summary>
    public ReadOnlyMemory<byte> Payload => Buffer.AsMemory(0, Length);

    public Span<byte> Writable => Buffer.AsSpan(0, Length);

    /// <summary>Whether the person left on purpose: code 1000, or a close without a code.</summary>
    public bool IsCleanClose => Kind == MessageKind.Close && Code == CloseCodes.Normal;

    /// <summary>Whether a close frame came without a code, and is to be answered so.</summary>
    public bool IsEmptyClose { get; private init; }

    public static Message Rent(MessageKind kind, int length) =>
        Own(kind, length == 0 ? [] : ArrayPool<byte>.Shared.Rent(length), length);

    /// <param name="kind">What it is.</param>
    /// <param name="buffer">From the shared pool; goes back to it on <see cref="Release"/>.</param>
    /// <param name="length">How much of it is the payload.</param>
    public static Message Own(MessageKind kind, byte[] buffer, int length) => new(kind, 0) { Buffer = buffer, Length = length };

    public static Message Fault(int closeCode) => new(MessageKind.Fault, closeCode);

    public static Message Closed(int code, bool isEmpty) => new(MessageKind.Close, code) { IsEmptyClose = isEmpty };

    public void Release()
    {
        if (Buffer is { Length: > 0 } buffer)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}

/// <summary>What a client sent.</summary>
internal enum MessageKind
{
    None,
    Text,
    Ping,
    Pong,
    Close,

    /// <summary>Something that RFC 6455 or a limit forbids.</summary>
    Fault,
}
