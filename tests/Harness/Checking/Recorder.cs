using System.Diagnostics;

namespace Presence.Harness.Checking;

/// <summary>Keeps what all clients of a test saw and did, in the order it happened.</summary>
public sealed class Recorder
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly Lock _lock = new();
    private readonly List<Entry> _entries = [];
    private int _choices;

    public TimeSpan Now => Stopwatch.GetElapsedTime(_began);

    /// <summary>Everything so far.</summary>
    public IReadOnlyList<Entry> Entries
    {
        get
        {
            lock (_lock)
            {
                return [.. _entries];
            }
        }
    }

    public int NextChoice() => Interlocked.Increment(ref _choices);

    /// <summary>Keeps an entry with the time of now.</summary>
    public void Add(Func<TimeSpan, Entry> make)
    {
        lock (_lock)
        {
            _entries.Add(make(Now));
        }
    }
}
