namespace Presence.Gateway.Connections;

/// <summary>Something that is due at a time. Has one deadline at most; setting another replaces it.</summary>
internal abstract class WheelEntry
{
    internal WheelEntry? Next { get; set; }

    internal WheelEntry? Previous { get; set; }

    /// <summary>In ticks of the wheel; -1 while not in it.</summary>
    internal long Deadline { get; set; } = -1;

    /// <summary>The deadline has passed. Runs on the wheel's own thread: must not wait.</summary>
    protected internal abstract void OnDue();
}

/// <summary>
/// One clock for every deadline of a gateway: heartbeats, grace, windows. Setting and cancelling cost the same however many
/// there are; deadlines are met up to one tick late, never early.
/// </summary>
internal sealed class TimingWheel : IDisposable
{
    /// <summary>The kernel's clock has 4 ms; finer ticks only cost.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(25);

    private const int Slots = 1024;

    private readonly Lock _gate = new();
    private readonly WheelEntry?[] _slots = new WheelEntry?[Slots];
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;
    private readonly long _origin;
    private readonly ILogger<TimingWheel> _logger;
    private List<WheelEntry> _due = [];
    private long _now;
    private int _isTurning;

    public TimingWheel(TimeProvider clock, ILogger<TimingWheel> logger)
    {
        _clock = clock;
        _logger = logger;
        _origin = clock.GetTimestamp();
        _timer = clock.CreateTimer(static wheel => ((TimingWheel)wheel!).Turn(), this, Tick, Tick);
    }

    /// <summary>Milliseconds since the wheel was made: the gateway's own clock, which no change of the time of day moves.</summary>
    public long NowMs => (long)_clock.GetElapsedTime(_origin).TotalMilliseconds;

    /// <summary>Sets the entry's deadline, in place of the one it had.</summary>
    public void Schedule(WheelEntry entry, TimeSpan due)
    {
        var deadline = DeadlineIn(due);
        lock (_gate)
        {
            Unlink(entry);
            Link(entry, Math.Max(deadline, _now + 1));
        }
    }

    /// <summary>Brings the deadline forward to <paramref name="due"/> if it is later, or not set.</summary>
    public void ScheduleNoLater(WheelEntry entry, TimeSpan due)
    {
        var deadline = DeadlineIn(due);
        lock (_gate)
        {
            if (entry.Deadline < 0 || entry.Deadline > deadline)
            {
                Unlink(entry);
                Link(entry, Math.Max(deadline, _now + 1));
            }
        }
    }

    public void Cancel(WheelEntry entry)
    {
        lock (_gate)
        {
            Unlink(entry);
        }
    }

    public void Dispose() => _timer.Dispose();

    private long DeadlineIn(TimeSpan due) => (NowMs + (long)Math.Max(0, due.TotalMilliseconds) + (long)Tick.TotalMilliseconds - 1) / (long)Tick.TotalMilliseconds;

    private long Current() => NowMs / (long)Tick.TotalMilliseconds;

    private void Turn()
    {
        if (Interlocked.Exchange(ref _isTurning, 1) == 1)
        {
            return; // The turn before takes longer than a tick: it catches up itself.
        }

        Collect();
        foreach (var entry in _due)
        {
            try
            {
                entry.OnDue();
            }
            catch (Exception e)
            {
                // One entry's bug must not stop the clock of all the others.
                WheelLog.EntryFailed(_logger, e);
            }
        }

        _due.Clear();
        Volatile.Write(ref _isTurning, 0);
    }

    private void Collect()
    {
        var until = Current();
        lock (_gate)
        {
            // After a long pause every slot is looked at once, not once for each missed turn.
            var from = Math.Max(_now + 1, until - Slots + 1);
            for (var tick = from; tick <= until; tick++)
            {
                for (var entry = _slots[tick % Slots]; entry is not null;)
                {
                    var next = entry.Next;
                    if (entry.Deadline <= until)
                    {
                        Unlink(entry);
                        _due.Add(entry);
                    }

                    entry = next;
                }
            }

            _now = until;
        }
    }

    private void Link(WheelEntry entry, long deadline)
    {
        entry.Deadline = deadline;
        ref var head = ref _slots[deadline % Slots];
        entry.Next = head;
        if (head is not null)
        {
            head.Previous = entry;
        }

        head = entry;
    }

    private void Unlink(WheelEntry entry)
    {
        if (entry.Deadline < 0)
        {
            return;
        }

        if (entry.Previous is { } previous)
        {
            previous.Next = entry.Next;
        }
        else
        {
            _slots[entry.Deadline % Slots] = entry.Next;
        }

        if (entry.Next is { } next)
        {
            next.Previous = entry.Previous;
        }

        entry.Next = entry.Previous = null;
        entry.Deadline = -1;
    }
}

internal static partial class WheelLog
{
    [LoggerMessage(2000, LogLevel.Error, "A deadline's action failed.")]
    public static partial void EntryFailed(ILogger logger, Exception exception);
}
