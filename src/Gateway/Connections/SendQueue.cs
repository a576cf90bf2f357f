using System.Buffers;
using Presence.Gateway.Delivery;
using Presence.Gateway.Protocol;

namespace Presence.Gateway.Connections;

/// <summary>
/// What waits to be sent on one connection. Bounded: a reader that is too slow first loses updates that a later one replaces, then the
/// connection. Nobody ever waits for it.
/// </summary>
internal sealed class SendQueue(Wire wire, Flusher flusher, int maxBytes, ISendQueueOwner owner)
{
    private Frame? _first;
    private Frame[]? _more;
    private int _moreCount;
    private int _bytes;
    private bool _isScheduled;
    private bool _isBlocked;
    private bool _isClosed;

    /// <summary>Whether the client takes several updates in one message.</summary>
    public bool IsBatching { get; set; }

    /// <summary>When the oldest frame that the reader has not taken was made; <see cref="long.MaxValue"/> while it keeps up.</summary>
    public long OldestUnsent { get; private set; } = long.MaxValue;

    /// <summary>Queues a frame. After a close frame nothing more is taken.</summary>
    public void Send(Frame frame)
    {
        lock (this)
        {
            Add(frame);
        }
    }

    /// <summary>
    /// Queues a frame that <paramref name="build"/> makes while nothing else can be queued: what it reads of the users is older than
    /// every update that follows it.
    /// </summary>
    public void Send<TState>(TState state, Func<TState, Frame?> build)
    {
        lock (this)
        {
            if (build(state) is { } frame)
            {
                Add(frame);
            }
        }
    }

    /// <summary>Queues an update unless the subscriber holds that version, or a newer one, already.</summary>
    public bool Offer(Frame frame, Subscription subscription, long version)
    {
        lock (this)
        {
            if (subscription.Version >= version)
            {
                return false;
            }

            subscription.Version = version;
            Add(frame);
            return true;
        }
    }

    /// <summary>Forgets what waits, so that a close frame goes out next.</summary>
    public void CloseNow(Frame close)
    {
        lock (this)
        {
            Clear();
            Add(close);
        }
    }

    /// <summary>The connection has ended: nothing is sent any more.</summary>
    public void Stop()
    {
        lock (this)
        {
            Clear();
            _isClosed = true;
        }
    }

    /// <summary>Sends what waits. Called by the flusher only.</summary>
    /// <returns>How many bytes the socket took.</returns>
    public int Flush(SendBuffer buffer)
    {
        Frame? first;
        Frame[]? more;
        int count;
        lock (this)
        {
            _isScheduled = false;
            if (_isBlocked || _first is null)
            {
                return 0;
            }

            (first, more, count) = (_first, _more, _moreCount);
            (_first, _more, _moreCount, _bytes) = (null, null, 0, 0);
        }

        ReadOnlySpan<byte> bytes = first.Bytes;
        var isLast = first.IsClose;
        if (more is not null)
        {
            // The first frame has a place of its own, so that the usual single frame needs no array.
            more[0] = first;
            isLast = more[count].IsClose;
            bytes = buffer.Gather(more.AsSpan(0, count + 1), IsBatching);
            Return(more, count);
        }

        var sent = wire.TrySend(bytes);
        if (sent < bytes.Length)
        {
            Block(sent < 0 ? null : bytes[sent..].ToArray(), first.CreatedAt, isLast);
        }
        else if (isLast)
        {
            owner.CloseSent();
        }

        return Math.Max(0, sent);
    }

    private static void Return(Frame[] more, int count)
    {
        Array.Clear(more, 0, count + 1);
        ArrayPool<Frame>.Shared.Return(more);
    }

    private void Add(Frame frame)
    {
        if (_isClosed)
        {
            return;
        }

        if (_bytes + frame.Bytes.Length > maxBytes && !frame.IsClose)
        {
            DropReplaced();
            if (_bytes + frame.Bytes.Length > maxBytes)
            {
                owner.FellBehind();
                return;
            }
        }

        _isClosed = frame.IsClose;
        _bytes += frame.Bytes.Length;
        Append(frame);
        if (!_isScheduled && !_isBlocked)
        {
            _isScheduled = true;
            flusher.Schedule(this);
        }
    }

    private void Append(Frame frame)
    {
        if (_first is null)
        {
            _first = frame;
            return;
        }

        _more ??= ArrayPool<Frame>.Shared.Rent(16);
        if (_moreCount + 1 == _more.Length)
        {
            var larger = ArrayPool<Frame>.Shared.Rent(_more.Length * 2);
            _more.CopyTo(larger, 0);
            Return(_more, _moreCount);
            _more = larger;
        }

        _more[++_moreCount] = frame;
    }

    /// <summary>Of several updates of one user only the last stays.</summary>
    private void DropReplaced()
    {
        if (_more is null)
        {
            return;
        }

        _more[0] = _first!;
        var all = _more.AsSpan(0, _moreCount + 1).ToArray();
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        for (var i = all.Length - 1; i >= 0; i--)
        {
            if (all[i].Topic is { } topic && !seen.Add(topic))
            {
                all[i] = null!;
            }
        }

        Clear();
        foreach (var frame in all)
        {
            if (frame is not null)
            {
                _bytes += frame.Bytes.Length;
                Append(frame);
            }
            else
            {
                owner.UpdateReplaced();
            }
        }
    }

    private void Clear()
    {
        if (_more is not null)
        {
            Return(_more, _moreCount);
        }

        (_first, _more, _moreCount, _bytes) = (null, null, 0, 0);
    }

    private void Block(byte[]? rest, long since, bool isLast)
    {
        if (rest is null)
        {
            owner.Broken();
            return;
        }

        lock (this)
        {
            _isBlocked = true;
            _bytes += rest.Length;
            OldestUnsent = since;
        }

        owner.Blocked();
        _ = SendRestAsync(rest, isLast);
    }

    private async Task SendRestAsync(byte[] rest, bool isLast)
    {
        try
        {
            await wire.SendAsync(rest);
        }
        catch (Exception e) when (e is System.Net.Sockets.SocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The reader of this connection sees the same end and says why.
            owner.Broken();
            return;
        }

        if (isLast)
        {
            owner.CloseSent();
        }

        lock (this)
        {
            _isBlocked = false;
            _bytes = Math.Max(0, _bytes - rest.Length);
            OldestUnsent = long.MaxValue;
            if (_first is not null && !_isScheduled)
            {
                _isScheduled = true;
                flusher.Schedule(this);
            }
        }
    }
}

/// <summary>Hears how its queue fares. Called under the queue's lock or from its flusher: must not wait.</summary>
internal interface ISendQueueOwner
{
    /// <summary>The close frame is on its way.</summary>
    void CloseSent();

    /// <summary>The connection is broken.</summary>
    void Broken();

    /// <summary>The reader takes no more for now.</summary>
    void Blocked();

    /// <summary>More waits than may, even without what is replaced.</summary>
    void FellBehind();

    /// <summary>An update was dropped since a later one replaces it.</summary>
    void UpdateReplaced();
}
