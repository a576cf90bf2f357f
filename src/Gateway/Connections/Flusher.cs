using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Presence.Gateway.Connections;

/// <summary>
/// Sends what waits in the queues of its connections. One work item serves all that have something to send, and goes to the end of the
/// thread pool's queue: an idle server sends at once, and a busy one first takes in what has already arrived, so that each
/// connection gets many updates with one system call.
/// </summary>
internal sealed class Flusher(GatewayMetrics metrics) : IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private readonly SendBuffer _buffer = new();
    private List<SendQueue> _waiting = [];
    private List<SendQueue> _sending = [];
    private bool _isScheduled;
    private long _began;

    /// <summary>The queue has something to send. Called once for each flush of it.</summary>
    public void Schedule(SendQueue queue)
    {
        lock (_gate)
        {
            _waiting.Add(queue);
            if (_isScheduled)
            {
                return;
            }

            _isScheduled = true;
            _began = Stopwatch.GetTimestamp();
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        long began;
        lock (_gate)
        {
            (_waiting, _sending) = (_sending, _waiting);
            began = _began;
            _began = Stopwatch.GetTimestamp();
        }

        var sent = 0L;
        foreach (var queue in CollectionsMarshal.AsSpan(_sending))
        {
            sent += queue.Flush(_buffer);
        }

        _sending.Clear();
        metrics.Flushed(sent, Stopwatch.GetElapsedTime(began));
        lock (_gate)
        {
            _isScheduled = _waiting.Count > 0;
            if (!_isScheduled)
            {
                return;
            }
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }
}

/// <summary>One flusher for each processor; a connection keeps the one that it was given.</summary>
internal sealed class Flushers(GatewayMetrics metrics)
{
    private readonly Flusher[] _all = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Flusher(metrics))];
    private uint _next;

    public Flusher Next() => _all[Interlocked.Increment(ref _next) % (uint)_all.Length];
}
