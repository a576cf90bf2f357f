using Presence.Gateway.Protocol;

namespace Presence.Gateway.Connections;

/// <summary>Where a flusher puts the frames of one connection together, to send them with one system call.</summary>
internal sealed class SendBuffer
{
    private const int MaxKept = 1 << 18;

    private static readonly byte[] BatchStart = [.. """{"type":"presence_batch","presences":["""u8];
    private static readonly byte[] BatchEnd = [.. "]}"u8];

    private byte[] _bytes = new byte[1 << 16];
    private int _length;

    /// <param name="frames">In the order in which they are to arrive.</param>
    /// <param name="isBatching">Whether updates that stand side by side become one <c>presence_batch</c>.</param>
    /// <returns>The bytes to send, until the next call.</returns>
    public ReadOnlySpan<byte> Gather(ReadOnlySpan<Frame> frames, bool isBatching)
    {
        _length = 0;
        if (_bytes.Length > MaxKept)
        {
            _bytes = new byte[1 << 16];
        }

        var at = 0;
        while (at < frames.Length)
        {
            var run = isBatching ? UpdatesFrom(frames[at..]) : 0;
            if (run > 1)
            {
                AppendBatch(frames.Slice(at, run));
                at += run;
            }
            else
            {
                Append(frames[at++].Bytes);
            }
        }

        return _bytes.AsSpan(0, _length);
    }

    private static int UpdatesFrom(ReadOnlySpan<Frame> frames)
    {
        var count = 0;
        while (count < frames.Length && frames[count].Item.Length > 0)
        {
            count++;
        }

        return count;
    }

    private void AppendBatch(ReadOnlySpan<Frame> updates)
    {
        var length = BatchStart.Length + BatchEnd.Length + updates.Length - 1;
        foreach (var update in updates)
        {
            length += update.Item.Length;
        }

        Reserve(Frame.MaxHeader + length);
        _length += Frame.WriteHeader(_bytes.AsSpan(_length), Opcode.Text, length);
        Append(BatchStart);
        for (var i = 0; i < updates.Length; i++)
        {
            if (i > 0)
            {
                _bytes[_length++] = (byte)',';
            }

            Append(updates[i].Item);
        }

        Append(BatchEnd);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    private void Reserve(int count)
    {
        if (_bytes.Length - _length < count)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + count));
        }
    }
}
