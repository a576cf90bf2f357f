using System.Buffers;
using System.Buffers.Binary;
using System.Text.Unicode;

namespace Presence.Gateway.Protocol;

/// <summary>Makes whole messages of the bytes that a client sends, and says which close code fits what breaks RFC 6455.</summary>
internal struct MessageReader
{
    /// <summary>A message may come in this many fragments at most: empty ones would otherwise cost the sender nothing.</summary>
    private const int MaxFragments = 64;

    private byte[]? _partial;
    private int _partialLength;
    private int _fragments;

    /// <summary>Whether some fragments of a message have come, but not the last.</summary>
    public readonly bool IsMidMessage => _fragments > 0;

    /// <summary>Takes the next message off the front of <paramref name="buffer"/>.</summary>
    /// <returns>
    /// The message, whose payload is valid until <see cref="Message.Release"/>; <see cref="MessageKind.None"/> when more bytes are needed;
    /// <see cref="MessageKind.Fault"/> with the close code.
    /// </returns>
    public Message Read(ref ReadOnlySequence<byte> buffer, int maxBytes)
    {
        while (true)
        {
            var result = FrameHeader.TryRead(buffer, out var header);
            if (result == HeaderResult.Invalid)
            {
                return Message.Fault(CloseCodes.ProtocolError);
            }

            if (!header.IsControl && header.PayloadLength + _partialLength > maxBytes)
            {
                return Message.Fault(CloseCodes.MessageTooBig);
            }

            if (result == HeaderResult.Incomplete || buffer.Length < header.HeaderLength + header.PayloadLength)
            {
                return default;
            }

            var payload = buffer.Slice(header.HeaderLength, header.PayloadLength);
            buffer = buffer.Slice(header.HeaderLength + header.PayloadLength);
            var message = header.IsControl ? Control(header, payload) : Data(header, payload);
            if (message.Kind != MessageKind.None)
            {
                return message;
            }
        }
    }

    /// <summary>Gives the memory of an unfinished message back.</summary>
    public void Release()
    {
        if (_partial is { } partial)
        {
            ArrayPool<byte>.Shared.Return(partial);
        }

        _partial = null;
        _partialLength = 0;
        _fragments = 0;
    }

    private static Message Control(in FrameHeader header, in ReadOnlySequence<byte> payload)
    {
        var message = Message.Rent(MessageKind.Ping, (int)header.PayloadLength);
        Masking.Unmask(payload, header.Mask, message.Writable);
        return header.Opcode switch
        {
            Opcode.Ping => message,
            Opcode.Pong => message with { Kind = MessageKind.Pong },
            _ => ReadClose(message),
        };
    }

    private static Message ReadClose(Message message)
    {
        var payload = message.Payload.Span;
        var code = payload.Length switch
        {
            0 => CloseCodes.Normal,
            1 => 0,
            _ => BinaryPrimitives.ReadUInt16BigEndian(payload),
        };
        var isAllowed = code is >= 1000 and <= 1003 or >= 1007 and <= 1014 or >= 3000 and <= 4999;
        var isText = payload.Length <= 2 || Utf8.IsValid(payload[2..]);
        message.Release();
        return (isAllowed, isText) switch
        {
            (false, _) => Message.Fault(CloseCodes.ProtocolError),
            (_, false) => Message.Fault(CloseCodes.InvalidPayload),
            _ => Message.Closed(code, isEmpty: payload.Length == 0),
        };
    }

    private Message Data(in FrameHeader header, in ReadOnlySequence<byte> payload)
    {
        var isContinuation = header.Opcode == Opcode.Continuation;
        if (isContinuation != IsMidMessage)
        {
            return Message.Fault(CloseCodes.ProtocolError);
        }

        if (header.Opcode == Opcode.Binary)
        {
            return Message.Fault(CloseCodes.UnsupportedData);
        }

        if (header.IsFinal && !isContinuation)
        {
            var whole = Message.Rent(MessageKind.Text, (int)header.PayloadLength);
            Masking.Unmask(payload, header.Mask, whole.Writable);
            return Checked(whole);
        }

        if (++_fragments > MaxFragments)
        {
            return Message.Fault(CloseCodes.MessageTooBig);
        }

        Append(payload, header.Mask);
        return header.IsFinal ? Finish() : default;
    }

    private void Append(in ReadOnlySequence<byte> payload, uint mask)
    {
        var needed = _partialLength + (int)payload.Length;
        if (_partial is null || _partial.Length < needed)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, 256));
            _partial.AsSpan(0, _partialLength).CopyTo(larger);
            if (_partial is not null)
            {
                ArrayPool<byte>.Shared.Return(_partial);
            }

            _partial = larger;
        }

        Masking.Unmask(payload, mask, _partial.AsSpan(_partialLength, (int)payload.Length));
        _partialLength = needed;
    }

    private Message Finish()
    {
        var message = Message.Own(MessageKind.Text, _partial!, _partialLength);
        _partial = null;
        _partialLength = 0;
        _fragments = 0;
        return Checked(message);
    }

    private static Message Checked(Message message)
    {
        if (Utf8.IsValid(message.Payload.Span))
        {
            return message;
        }

        message.Release();
        return Message.Fault(CloseCodes.InvalidPayload);
    }
}
