using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Presence.Grains;

/// <inheritdoc cref="ISinkDirectory"/>
internal sealed class SinkDirectory : ISinkDirectory
{
    private const int MaxEnded = 1024;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _ended = [];
    private readonly Queue<string> _endedInOrder = [];
    private readonly ConcurrentDictionary<string, IPresenceSinkObserver> _observers = new();
    private ImmutableArray<string> _live = [];

    public Task Loaded { get; set; } = Task.CompletedTask;

    public ImmutableArray<string> Live => _live;

    public void Begin(string sink, IPresenceSinkObserver? observer)
    {
        lock (_gate)
        {
            if (_ended.Contains(sink))
            {
                return;
            }

            _live = _live.Contains(sink) ? _live : _live.Add(sink);
            if (observer is not null)
            {
                _observers[sink] = observer;
            }
        }
    }

    public void End(string sink)
    {
        lock (_gate)
        {
            _live = _live.Remove(sink);
            _observers.TryRemove(sink, out _);
            if (!_ended.Add(sink))
            {
                return;
            }

            _endedInOrder.Enqueue(sink);
            if (_endedInOrder.Count > MaxEnded)
            {
                _ended.Remove(_endedInOrder.Dequeue());
            }
        }
    }

    public bool HasEnded(string sink)
    {
        lock (_gate)
        {
            return _ended.Contains(sink);
        }
    }

    public IPresenceSinkObserver? ObserverOf(string sink) => _observers.GetValueOrDefault(sink);
}
