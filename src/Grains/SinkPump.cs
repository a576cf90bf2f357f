using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Presence.Grains;

/// <summary>What the pumps of a silo share.</summary>
internal sealed record SinkPumpShared(
    SiloLife Silo, ISinkTransport Transport, TimeProvider Clock, PresenceMetrics Metrics, ILogger Logger);

/// <summary>Sends one sink what has gathered for it: the next batch when the last is acknowledged, without a timer.</summary>
/// <remarks>
/// Runs only while there is something to send. What cannot be sent in time is dropped, and its sequence number with it: the sink sees
/// the gap and asks anew, which is cheaper for both than a long history.
/// </remarks>
internal sealed partial class SinkPump : IThreadPoolWorkItem
{
    public const int MaxBatch = 1_000;
    public const int MaxWaiting = 50_000;
    public const int MaxBatchBytes = 256 * 1024;
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(3);

    private readonly string _sink;
    private readonly SinkPumpShared _shared;
    private readonly Action _acknowledged;
    private readonly Lock _gate = new();
    private readonly Queue<Waiting> _waiting = new();
    private readonly SentBatches? _sent;
    private ValueTaskAwaiter _sending;
    private long _sequence;
    private bool _isRunning;
    private bool _owesBatch;
    private bool _hasSent;
    private bool _hasEnded;
    private bool _isLast;

    public SinkPump(string sink, SinkPumpShared shared)
    {
        _sink = sink;
        _shared = shared;
        _acknowledged = Acknowledged;
        _sent = shared.Transport.MayLose ? new(shared.Clock) : null;
    }

    /// <returns>False when the sink has ended.</returns>
    public bool Offer(SinkEvent sinkEvent)
    {
        lock (_gate)
        {
            if (_hasEnded)
            {
                return false;
            }

            var now = _shared.Clock.GetTimestamp();
            DropOverdue(now);
            _waiting.Enqueue(new(sinkEvent, now));
            if (_isRunning)
            {
                return true;
            }

            _isRunning = true;
        }

        Run();
        return true;
    }

    /// <summary>Sends an empty batch if none was sent since the last call.</summary>
    public void Beat()
    {
        lock (_gate)
        {
            var hasSent = _hasSent;
            _hasSent = false;
            if (hasSent || _isRunning || _hasEnded)
            {
                return;
            }

            _owesBatch = true;
            _isRunning = true;
        }

        Run();
    }

    /// <summary>Marks the next batch, which is sent at once, as the last that the sink has to wait for.</summary>
    public void SayGoodbye()
    {
        lock (_gate)
        {
            _isLast = _owesBatch = true;
            if (_isRunning || _hasEnded)
            {
                return;
            }

            _isRunning = true;
        }

        Run();
    }

    /// <summary>What was sent under these numbers; null when it is not all there any more.</summary>
    public SinkBatch[]? Replay(long from, long to)
    {
        lock (_gate)
        {
            return _sent?.Find(from, to);
        }
    }

    /// <summary>Nothing more is sent.</summary>
    public void End()
    {
        lock (_gate)
        {
            _hasEnded = true;
            _waiting.Clear();
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (TryTake(out var batch))
        {
            try
            {
                // CA2012 knows no awaiter that is kept: its result is taken once, here or in Acknowledged.
#pragma warning disable CA2012
                _sending = _shared.Transport.PublishAsync(_sink, batch).GetAwaiter();
#pragma warning restore CA2012
                if (!_sending.IsCompleted)
                {
                    _sending.UnsafeOnCompleted(_acknowledged);
                    return;
                }

                _sending.GetResult();
            }
            catch (Exception exception)
            {
                Failed(exception);
            }
        }
    }

    private void Acknowledged()
    {
        try
        {
            _sending.GetResult();
        }
        catch (Exception exception)
        {
            Failed(exception);
        }

        // On a thread of our own: the transport's may belong to a grain or a socket.
        Run();
    }

    private bool TryTake(out SinkBatch batch)
    {
        lock (_gate)
        {
            DropOverdue(_shared.Clock.GetTimestamp());
            if (_hasEnded || (_waiting.Count == 0 && !_owesBatch))
            {
                _isRunning = false;
                batch = null!;
                return false;
            }

            _owesBatch = false;
            _hasSent = true;
            batch = new(_shared.Silo, ++_sequence, TakeEvents(), _isLast && _waiting.Count == 0);
            _sent?.Add(batch);
        }

        _shared.Metrics.BatchSent(batch.Events.Length);
        return true;
    }

    private SinkEvent[] TakeEvents()
    {
        var (count, bytes) = (0, 0);
        foreach (var waiting in _waiting)
        {
            bytes += waiting.Event.EstimatedBytes;
            if (count == MaxBatch || (count > 0 && bytes > MaxBatchBytes))
            {
                break;
            }

            count++;
        }

        var events = count == 0 ? [] : new SinkEvent[count];
        for (var i = 0; i < count; i++)
        {
            events[i] = _waiting.Dequeue().Event;
        }

        return events;
    }

    private void DropOverdue(long now)
    {
        if (!_waiting.TryPeek(out var oldest)
            || (_waiting.Count < MaxWaiting && _shared.Clock.GetElapsedTime(oldest.Since, now) <= MaxAge))
        {
            return;
        }

        Log.BacklogDropped(_shared.Logger, _waiting.Count, _sink);
        _shared.Metrics.EventsDropped(_waiting.Count);
        _waiting.Clear();
        _sequence++;
        _owesBatch = true;
    }

    private void Failed(Exception exception)
    {
        Log.BatchLost(_shared.Logger, exception, _sink);
        _shared.Metrics.BatchLost();
    }

    // Not on the grain's own thread queue, where it would wait for the end of the grain's turn.
    private void Run() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    private readonly record struct Waiting(SinkEvent Event, long Since);

    /// <summary>Event ids 1200 to 1299 belong to this class.</summary>
    private static partial class Log
    {
        [LoggerMessage(1200, LogLevel.Warning, "Dropped {Events} events for sink {Sink}, which takes them too slowly: it has to ask anew.")]
        public static partial void BacklogDropped(ILogger logger, int events, string sink);

        [LoggerMessage(1201, LogLevel.Warning, "A batch for sink {Sink} is lost.")]
        public static partial void BatchLost(ILogger logger, Exception exception, string sink);
    }
}
