using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Threading.Tasks.Sources;
using Microsoft.AspNetCore.Connections;

namespace Presence.Gateway.Transport;

/// <summary>
/// What comes from a socket, read when it is asked for: one system call a message, straight into the memory that is parsed. A reader that waits holds no
/// memory. One reader at a time, as with any <see cref="PipeReader"/>.
/// </summary>
internal sealed class SocketReader(PolledSocket socket) : PipeReader, IValueTaskSource<ReadResult>
{
    /// <summary>
    /// After so many system calls that brought something, it is the turn of others: who sends without end would else keep those waiting who are
    /// read by the same thread.
    /// </summary>
    private const int MaxCallsInTurn = 8;

    private ManualResetValueTaskSourceCore<ReadResult> _waiting = new() { RunContinuationsAsynchronously = true };
    private ReadOnlySequence<byte> _given = ReadOnlySequence<byte>.Empty;
    private ReceiveBuffer _received;
    private Exception? _error;
    private int _callsInTurn;
    private bool _isWaiting;
    private bool _isExamined = true;
    private bool _isCancelled;
    private bool _mayHaveMore;
    private bool _isLast;
    private bool _isEnded;

    /// <summary>
    /// Whether who waits goes on where the bytes were noticed, instead of with a work item of its own: for readers that never block,
    /// since others wait behind them.
    /// </summary>
    public bool RunsInline
    {
        set => _waiting.RunContinuationsAsynchronously = !value;
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.CanBeCanceled)
        {
            return ReadUntilAsync(cancellationToken);
        }

        lock (this)
        {
            var isTurnOver = _callsInTurn >= MaxCallsInTurn && _isExamined && _mayHaveMore;
            if (!isTurnOver && TryTake(out var result))
            {
                return new(result);
            }

            if (_error is not null)
            {
                return ValueTask.FromException<ReadResult>(_error);
            }

            _waiting.Reset();
            _isWaiting = true;
            _callsInTurn = 0;
            if (isTurnOver)
            {
                ContinueLater();
            }

            return new(this, _waiting.Version);
        }
    }

    public override bool TryRead(out ReadResult result)
    {
        lock (this)
        {
            return TryTake(out result) || (_error is not null ? throw _error : false);
        }
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        lock (this)
        {
            _isExamined = _given.Slice(examined).IsEmpty;
            _received.Keep(_given.Slice(consumed).Length);
            _given = ReadOnlySequence<byte>.Empty;
        }
    }

    public override void CancelPendingRead()
    {
        lock (this)
        {
            _isCancelled = true;
        }

        Continue();
    }

    public override void Complete(Exception? exception = null)
    {
        lock (this)
        {
            _error ??= exception ?? new InvalidOperationException("Nothing is read after the end of the reader.");
            _received.Keep(0);
            _isExamined = true;
        }
    }

    /// <summary>Something has come.</summary>
    /// <param name="isLast">Whether nothing comes after it.</param>
    public void Signal(bool isLast)
    {
        lock (this)
        {
            _mayHaveMore = true;
            _isLast |= isLast;
        }

        Continue();
    }

    /// <summary>The socket is closed.</summary>
    public void Fail(Exception error)
    {
        lock (this)
        {
            _error ??= error;
        }

        // Who closes it may hold locks that the reader wants.
        ContinueLater();
    }

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token) => _waiting.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _waiting.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _waiting.OnCompleted(continuation, state, token, flags);

    private async ValueTask<ReadResult> ReadUntilAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var registration = cancellation.UnsafeRegister(static reader => ((SocketReader)reader!).CancelPendingRead(), this);
        var result = await ReadAsync(default);
        cancellation.ThrowIfCancellationRequested();
        return result;
    }

    private void ContinueLater() =>
        ThreadPool.UnsafeQueueUserWorkItem(static reader => reader.Continue(), this, preferLocal: false);

    /// <summary>Whoever waits goes on, if there is something for it.</summary>
    private void Continue()
    {
        ReadResult result;
        Exception? error = null;
        lock (this)
        {
            if (!_isWaiting || (!TryTake(out result) && (error = _error) is null))
            {
                return;
            }

            _isWaiting = false;
        }

        if (error is null)
        {
            _waiting.SetResult(result);
        }
        else
        {
            _waiting.SetException(error);
        }
    }

    private bool TryTake(out ReadResult result)
    {
        if (_isExamined && !_isCancelled && !_isEnded && _error is null && _mayHaveMore)
        {
            Receive();
        }

        // What waits in the buffer of a connection that was cut is not taken any more.
        if ((_error is not null && !_isEnded) || (_isExamined && !_isCancelled && !_isEnded))
        {
            result = default;
            return false;
        }

        _given = _received.Content;
        result = new(_given, _isCancelled, _isEnded);
        _isCancelled = false;
        return true;
    }

    private void Receive()
    {
        var room = _received.MakeRoom();
        var error = socket.Receive(room, out var count);
        _received.Received(count);
        if (count > 0)
        {
            _callsInTurn++;
            _isExamined = false;

            // Less than there was room for is all there was, and what comes next is told anew; an end is told only once.
            _mayHaveMore = count == room.Length || _isLast;
            return;
        }

        _mayHaveMore = false;
        if (error == SocketError.Success)
        {
            _isEnded = true;
        }
        else if (error != SocketError.WouldBlock)
        {
            _error = new ConnectionResetException("The connection is broken.", new SocketException((int)error));
        }
    }
}
