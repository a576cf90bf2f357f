using Presence.Gateway.Protocol;

namespace Presence.Gateway.Connections;

/// <content>What is due when. Receiving never moves a deadline: when one comes, it is looked at anew.</content>
internal sealed partial class Connection
{
    /// <summary>How long the oldest unsent frame may wait for a slow reader.</summary>
    private static readonly TimeSpan SlowReaderTimeout = TimeSpan.FromSeconds(10);

    private static readonly Frame Ping = Frame.Control(Opcode.Ping, []);

    /// <summary>When the message that is on its way began, on the gateway's own clock; 0 while none is.</summary>
    private long _messageBegan;

    /// <summary>When the oldest unanswered ping was queued, as a timestamp; 0 while none is out.</summary>
    private long _pingedAt;
    private uint _roundTripTicks;

    /// <summary>Starts the deadlines.</summary>
    public void Start() => OnDue();

    /// <summary>Asks for a proof of life.</summary>
    public void SendPing()
    {
        Interlocked.CompareExchange(ref _pingedAt, _setup.Clock.GetTimestamp(), 0);
        Output.Send(Ping);
    }

    /// <summary>From the last ping that was answered, queued, to its pong; null before the first.</summary>
    public TimeSpan? RoundTrip => _roundTripTicks is > 0 and var ticks ? TimeSpan.FromTicks(ticks) : null;

    protected internal override void OnDue()
    {
        var now = _setup.Wheel.NowMs;
        if (IsClosing)
        {
            _abort();
            ((ISendQueueOwner)this).CloseSent();
            return;
        }

        var next = CheckSilence(now);
        next = Math.Min(next, CheckPing(now));
        next = Math.Min(next, CheckAuthentication(now));
        next = Math.Min(next, CheckMessage(now));
        next = Math.Min(next, CheckReader());
        if (!IsClosing)
        {
            _setup.Wheel.Schedule(this, TimeSpan.FromMilliseconds(next - now));
        }

        if (_isEnded)
        {
            _setup.Wheel.Cancel(this); // It ended while this ran, and cancelled what was not yet set again.
        }
    }

    private long CheckSilence(long now) => Check(LastReceived + Milliseconds(_setup.Options.HeartbeatTimeout), now, CloseCodes.HeartbeatTimeout);

    private long CheckPing(long now)
    {
        if (now >= _nextPing)
        {
            SendPing();
            _nextPing = now + Milliseconds(_setup.Options.HeartbeatInterval);
        }

        return _nextPing;
    }

    /// <summary>A pong answers the oldest ping that is out. What nobody asked for measures nothing.</summary>
    private void NotePong()
    {
        if (Interlocked.Exchange(ref _pingedAt, 0) is not 0 and var pinged)
        {
            _roundTripTicks = (uint)Math.Clamp(_setup.Clock.GetElapsedTime(pinged).Ticks, 1, uint.MaxValue);
        }
    }

    private long CheckAuthentication(long now) =>
        Session is null ? Check(OpenedAt + Milliseconds(_setup.Options.AuthTimeout), now, CloseCodes.AuthTimeout) : long.MaxValue;

    private long CheckMessage(long now)
    {
        var began = Volatile.Read(ref _messageBegan);
        return began == 0 ? long.MaxValue : Check(began + Milliseconds(_setup.Options.MessageTimeout), now, CloseCodes.HeartbeatTimeout);
    }

    private long CheckReader()
    {
        var oldest = Output.OldestUnsent;
        if (oldest == long.MaxValue)
        {
            return long.MaxValue;
        }

        var left = oldest + Milliseconds(SlowReaderTimeout) - Environment.TickCount64;
        if (left <= 0)
        {
            ((ISendQueueOwner)this).FellBehind();
        }

        return _setup.Wheel.NowMs + left;
    }

    private long Check(long deadline, long now, int closeCode)
    {
        if (now >= deadline)
        {
            End(closeCode);
        }

        return deadline;
    }
}
