using System.IO.Pipelines;
using System.Net;
using Presence.Gateway.Protocol;
using Presence.Gateway.Sessions;
using Presence.Gateway.Transport;

namespace Presence.Gateway.Connections;

/// <summary>One open WebSocket: its deadlines, its budgets, and the one place where it ends.</summary>
internal sealed partial class Connection : WheelEntry, ISendQueueOwner
{
    /// <summary>How long the other side has to answer a close before the socket is aborted.</summary>
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(1);

    private readonly ConnectionSetup _setup;
    private readonly PipeReader _input;
    private readonly Action _abort;
    private MessageBudget _messages;
    private ErrorBudget _errors;
    private long _nextPing;
    private int _closeCode;
    private bool _isCloseSent;
    private volatile bool _isEnded;
    private TaskCompletionSource? _closeSent;

    /// <param name="id">Unique among all gateways.</param>
    /// <param name="setup">What all connections share.</param>
    /// <param name="input">The bytes that the client sends.</param>
    /// <param name="wire">Where its own bytes go.</param>
    /// <param name="abort">Cuts the connection without a word.</param>
    public Connection(string id, ConnectionSetup setup, PipeReader input, Wire wire, Action abort)
    {
        Id = id;
        _setup = setup;
        _input = input;
        _abort = abort;
        _messages = new(setup.Options.MaxMessagesPerSecond);
        OpenedAt = setup.Wheel.NowMs;
        LastReceived = OpenedAt;
        _nextPing = OpenedAt + Milliseconds(setup.Options.HeartbeatInterval);
        Output = new(wire, setup.Flushers.Next(), setup.Options.MaxSendQueueBytes, this);
    }

    public string Id { get; }

    /// <summary>Where the client connects from; null when the transport has no addresses.</summary>
    public IPAddress? RemoteAddress { get; init; }

    public SendQueue Output { get; }

    /// <summary>Who is here; null until authenticated.</summary>
    public Session? Session { get; set; }

    /// <summary>When it was opened, on the gateway's own clock.</summary>
    public long OpenedAt { get; }

    /// <summary>When the last whole frame came, on the gateway's own clock.</summary>
    public long LastReceived { get; private set; }

    /// <summary>The last proof of life, by the time of day.</summary>
    public DateTimeOffset LastProof => _setup.Clock.GetUtcNow().AddMilliseconds(LastReceived - _setup.Wheel.NowMs);

    /// <summary>Whether a close has been sent, or is on its way.</summary>
    public bool IsClosing => Volatile.Read(ref _closeCode) != 0;

    /// <summary>Sends a close frame after what already waits, and aborts if the other side does not answer it in time.</summary>
    public void End(int closeCode)
    {
        if (TryBeginClose(closeCode))
        {
            Output.Send(Frame.Close(closeCode));
        }
    }

    /// <summary>Tells the client what was wrong, and closes when the error says so or when there have been too many.</summary>
    public void Fail(ProtocolError error, RequestId id)
    {
        Output.Send(ServerMessages.Error(error, id));
        _setup.Metrics.Rejected(error.Code);
        if (error.CloseCode != 0)
        {
            End(error.CloseCode);
        }
        else
        {
            CountError(isForRate: error.Code == ErrorCodes.RateLimited);
        }
    }

    void ISendQueueOwner.CloseSent()
    {
        lock (this)
        {
            _isCloseSent = true;
            _closeSent?.TrySetResult();
        }
    }

    void ISendQueueOwner.Broken()
    {
        // What could not be sent, a close too, never will be: nobody has to wait for it.
        _abort();
        ((ISendQueueOwner)this).CloseSent();
    }

    void ISendQueueOwner.Failed(Exception exception)
    {
        ConnectionLog.SendFailed(_setup.Logger, exception);
        ((ISendQueueOwner)this).Broken();
    }

    void ISendQueueOwner.Blocked() => _setup.Wheel.ScheduleNoLater(this, SlowReaderTimeout);

    void ISendQueueOwner.FellBehind()
    {
        if (TryBeginClose(CloseCodes.SlowReader))
        {
            Output.CloseNow(Frame.Close(CloseCodes.SlowReader));
        }
    }

    void ISendQueueOwner.UpdateReplaced() => _setup.Metrics.UpdateDropped();

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;

    private bool TryBeginClose(int closeCode)
    {
        if (Interlocked.CompareExchange(ref _closeCode, closeCode, 0) != 0)
        {
            return false;
        }

        _setup.Wheel.Schedule(this, CloseTimeout);
        _setup.Metrics.Closing(closeCode);
        return true;
    }

    private void CountError(bool isForRate)
    {
        var now = _setup.Wheel.NowMs;
        if (isForRate && Session is not null ? _errors.IsAbused(now) : _errors.IsExceeded(now, Session is not null))
        {
            End(CloseCodes.BudgetExceeded);
        }
    }

    /// <summary>Waits until the close frame is with the kernel; the wheel aborts a connection that does not take it.</summary>
    private Task CloseSentAsync()
    {
        lock (this)
        {
            _closeSent ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_isCloseSent)
            {
                _closeSent.TrySetResult();
            }

            return _closeSent.Task;
        }
    }
}

internal static partial class ConnectionLog
{
    [LoggerMessage(2020, LogLevel.Error, "What waited for a client could not be sent; its connection is cut.")]
    public static partial void SendFailed(ILogger logger, Exception exception);
}
