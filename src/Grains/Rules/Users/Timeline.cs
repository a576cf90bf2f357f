namespace Presence.Grains.Rules.Users;

/// <summary>The latest transitions of one user, in a ring. Takes no memory before the first, and 88 bytes for the first four.</summary>
internal struct Timeline
{
    /// <summary>Most transitions that are kept.</summary>
    public const int Capacity = 50;

    private const int FirstLength = 4;
    private const int SecondLength = 16;

    private Entry[]? _entries;
    private byte _next;

    /// <summary>Keeps the step, when it changed a status or the number of devices.</summary>
    /// <param name="before">The state before it.</param>
    /// <param name="step">What was decided.</param>
    /// <param name="now">The time.</param>
    public void Note(UserState before, in Step step, DateTimeOffset now)
    {
        var next = step.Next;
        var entry = new Entry(
            now.UtcTicks,
            (byte)RoomViews.Everyone(before),
            (byte)RoomViews.Everyone(next),
            (byte)Views.Status(before, Viewer.Self),
            (byte)Views.Status(next, Viewer.Self),
            default);
        if (entry.PublicFrom != entry.PublicTo || entry.OwnFrom != entry.OwnTo || before.Devices.Length != next.Devices.Length)
        {
            Add(entry with { Cause = (byte)Causes.Of(before, step, now) });
        }
    }

    /// <summary>What was kept, the oldest first.</summary>
    public readonly StatusTransition[] ToArray()
    {
        if (_entries is null)
        {
            return [];
        }

        // Full, the next one to be overwritten is the oldest; until then all before it are what there is.
        var isFull = _entries.Length == Capacity && _entries[_next].At != 0;
        var all = new StatusTransition[isFull ? Capacity : _next];
        for (var i = 0; i < all.Length; i++)
        {
            all[i] = _entries[isFull ? (_next + i) % Capacity : i].ToTransition();
        }

        return all;
    }

    private void Add(Entry entry)
    {
        _entries ??= new Entry[FirstLength];
        if (_next == _entries.Length)
        {
            Array.Resize(ref _entries, _next == FirstLength ? SecondLength : Capacity);
        }

        _entries[_next] = entry;
        _next = (byte)(_next + 1 == Capacity ? 0 : _next + 1);
    }

    /// <summary>Sixteen bytes. Times are UTC ticks, 0 in a place that was never used.</summary>
    private readonly record struct Entry(long At, byte PublicFrom, byte PublicTo, byte OwnFrom, byte OwnTo, byte Cause)
    {
        public StatusTransition ToTransition() => new(
            new(At, TimeSpan.Zero),
            (PresenceStatus)PublicFrom,
            (PresenceStatus)PublicTo,
            (PresenceStatus)OwnFrom,
            (PresenceStatus)OwnTo,
            (TransitionCause)Cause);
    }
}
