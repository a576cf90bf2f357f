using Presence.Gateway.Delivery;
using Presence.Gateway.Protocol;
using Presence.Gateway.Transport;

namespace Presence.Gateway.Connections;

/// <summary>
/// What waits to be sent on one connection. Bounded: a reader that is too slow first loses updates that a later one replaces, then the
/// connection. Nobody ever waits for it.
/// </summary>
internal sealed class SendQueue(Wire wire, Flusher flusher, int maxBytes, ISendQueueOwner owner)
{
    private FrameList _waiting;
    private int _unsentBytes;
    private bool _isScheduled;
    private bool _isBlocked;
    private bool _isClosed;

    /// <summary>Whether the client takes several updates in one message.</summary>
    public bool IsBatching { get; set; }

    /// <summary>When the oldest frame that the reader has not taken was made; <see cref="long.MaxValue"/> while it keeps up.</summary>
    public long OldestUnsent { get; private set; } = long.MaxValue;

    /// <summary>Bytes that wait, those that the socket has not taken among them.</summary>
    public int QueuedBytes
    {
        get
        {
            lock (this)
            {
                return _unsentBytes + _waiting.Bytes;
            }
        }
    }

    /// <summary>Queues a frame. After a close frame nothing more is taken.</summary>
    public void Send(Frame frame)
    {
        lock (this)
        {
            Add(frame);
        }
    }

    /// <summary>Queues a message in two arrays, with nothing between them.</summary>
    public void Send(Frame head, Frame rest)
    {
        lock (this)
        {
            Add(head);
            Add(rest);
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
            _waiting.Clear();
            Add(close);
        }
    }

    /// <summary>The connection has ended: nothing is sent any more.</summary>
    public void Stop()
    {
        lock (this)
        {
            _waiting.Clear();
            _isClosed = true;
        }
    }

    /// <summary>Sends what waits. Called by the flusher only.</summary>
    /// <returns>How many bytes the socket took.</returns>
    public int Flush(SendBuffer buffer)
    {
        FrameList frames;
        lock (this)
        {
            _isScheduled = false;
            if (_isBlocked || _waiting.Count == 0)
            {
                return 0;
            }

            frames = _waiting;
            _waiting = default;
        }

        var (since, isLast) = (frames.First.CreatedAt, frames.First.IsClose);
        ReadOnlySpan<byte> bytes = frames.First.Bytes;
        if (frames.Count > 1)
        {
            var all = frames.AsSpan();
            isLast = all[^1].IsClose;
            bytes = buffer.Gather(all, IsBatching);
        }

        frames.Clear();
        var sent = wire.TrySend(bytes);
        if (sent < bytes.Length)
        {
            Block(sent < 0 ? null : bytes[sent..].ToArray(), since, isLast);
        }
        else if (isLast)
        {
            owner.CloseSent();
        }

        return Math.Max(0, sent);
    }

    private void Add(Frame frame)
    {
        if (_isClosed)
        {
            return;
        }

        if (!frame.IsClose && !HasRoom(frame))
        {
            for (var dropped = _waiting.DropReplaced(); dropped > 0; dropped--)
            {
                owner.UpdateReplaced();
            }

            if (!HasRoom(frame))
            {
                owner.FellBehind();
                return;
            }
        }

        _isClosed = frame.IsClose;
        _waiting.Add(frame);
        Schedule();
    }

    // What is too large by itself, a list of users who say much of themselves, must not cut off who asked for it.
    private bool HasRoom(Frame frame)
    {
        var held = _unsentBytes + _waiting.Bytes;
        return held == 0 || held + frame.Bytes.Length <= maxBytes;
    }

    private void Schedule()
    {
        if (_waiting.Count > 0 && !_isScheduled && !_isBlocked)
        {
            _isScheduled = true;
            flusher.Schedule(this);
        }
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
            _unsentBytes = rest.Length <= maxBytes ? rest.Length : maxBytes / 2;
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
            Unblock(isLast);
        }
        catch (Exception e) when (e is System.Net.Sockets.SocketException or IOException or ObjectDisposedException or InvalidOperationException
            or OperationCanceledException)
        {
            // The reader of this connection sees the same end and says why.
            owner.Broken();
        }
        catch (Exception e)
        {
            owner.Failed(e);
        }
    }

    private void Unblock(bool isLast)
    {
        if (isLast)
        {
            owner.CloseSent();
        }

        lock (this)
        {
            _isBlocked = false;
            _unsentBytes = 0;
            OldestUnsent = long.MaxValue;
            Schedule();
        }
    }
}
