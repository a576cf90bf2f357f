using System.Buffers;

namespace Presence.Gateway.Transport;

/// <summary>What was received and not yet consumed. Takes no memory while empty, and at least 4 KB of the shared pool otherwise.</summary>
internal struct ReceiveBuffer
{
    private const int MinBytes = 4096;

    private byte[]? _bytes;
    private int _start;
    private int _end;

    public readonly ReadOnlySequence<byte> Content => _bytes is null ? ReadOnlySequence<byte>.Empty : new(_bytes, _start, _end - _start);

    /// <summary>Room for more, of which <see cref="Received"/> says how much was used.</summary>
    public Span<byte> MakeRoom()
    {
        if (_bytes is null)
        {
            _bytes = ArrayPool<byte>.Shared.Rent(MinBytes);
        }
        else if (_end == _bytes.Length)
        {
            Move();
        }

        return _bytes.AsSpan(_end);
    }

    public void Received(int count)
    {
        _end += count;
        ReleaseIfEmpty();
    }

    /// <summary>Only the last bytes, so many, are still needed.</summary>
    public void Keep(long count)
    {
        _start = _end - (int)count;
        ReleaseIfEmpty();
    }

    private void Move()
    {
        var unread = _bytes.AsSpan(_start);
        var to = unread.Length <= _bytes!.Length / 2 ? _bytes : ArrayPool<byte>.Shared.Rent(_bytes.Length * 2);
        unread.CopyTo(to);
        if (to != _bytes)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        (_bytes, _start, _end) = (to, 0, unread.Length);
    }

    private void ReleaseIfEmpty()
    {
        if (_start == _end && _bytes is not null)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            this = default;
        }
    }
}
