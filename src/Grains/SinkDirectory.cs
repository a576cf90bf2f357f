using System.Collections.Immutable;

namespace Presence.Grains;

/// <inheritdoc cref="ISinkDirectory"/>
internal sealed class SinkDirectory : ISinkDirectory
{
    private const int MaxEnded = 1024;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _ended = [];
    private readonly Queue<string> _endedInOrder = [];
    private ImmutableArray<string> _live = [];

    public ImmutableArray<string> Live => _live;

    public void Begin(string sink)
    {
        lock (_gate)
        {
            if (!_live.Contains(sink) && !_ended.Contains(sink))
            {
                _live = _live.Add(sink);
            }
        }
    }

    public void End(string sink)
    {
        lock (_gate)
        {
            _live = _live.Remove(sink);
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
}
