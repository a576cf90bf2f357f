namespace Presence.Grains.Rules.Rooms;

/// <summary>
/// The members of a room in partitions of about a thousand, each of which is stored for itself: what a change costs the store does not grow
/// with the room.
/// </summary>
/// <remarks>
/// Partitions that changed wait in line for their write, each once. When their number changes all are written anew, the highest first: whoever
/// moves up is stored above before the partition below is written without that member. Those that are no more are cleared last. So whatever
/// the moment of a crash, nobody who was stored before is missing.
/// </remarks>
/// <param name="size">How many members a partition has at most, on average.</param>
internal sealed class Partitions(int size)
{
    private readonly List<int> _line = [];
    private Dictionary<string, RosterEntry>[] _all = [NewPartition()];

    /// <summary>How many members there are.</summary>
    public int Count { get; private set; }

    /// <summary>How many partitions may be stored: those that are no more count until they are cleared.</summary>
    public int Stored { get; private set; } = 1;

    public bool AnyWaits => _line.Count > 0;

    public IEnumerable<RosterEntry> All => _all.SelectMany(partition => partition.Values);

    public RosterEntry Find(string userId) => Of(userId).GetValueOrDefault(userId);

    public void Set(RosterEntry entry)
    {
        var (userId, partition) = (entry.State.UserId, Of(entry.State.UserId));
        Count += partition.ContainsKey(userId) ? 0 : 1;
        partition[userId] = entry;
        Changed(userId);
    }

    public bool Remove(string userId, out RosterEntry entry)
    {
        if (!Of(userId).Remove(userId, out entry))
        {
            return false;
        }

        Count--;
        Changed(userId);
        return true;
    }

    /// <summary>So many may be stored, and are in no order that is known: all must be written anew.</summary>
    public void Restored(int stored)
    {
        Stored = Math.Max(stored, _all.Length);
        LineUp();
    }

    /// <summary>The partition to write, which waits no longer.</summary>
    public bool TryTake(out int partition)
    {
        partition = AnyWaits ? _line[0] : -1;
        if (AnyWaits)
        {
            _line.RemoveAt(0);
        }

        return partition >= 0;
    }

    /// <summary>It could not be written, and goes back to its place in the line.</summary>
    public void Return(int partition)
    {
        if (!_line.Contains(partition))
        {
            _line.Insert(0, partition);
        }
    }

    /// <summary>It is stored no more.</summary>
    public void Cleared(int partition) => Stored = partition == Stored - 1 ? Math.Max(partition, _all.Length) : Stored;

    /// <summary>Its members; none of one that is no more.</summary>
    public MemberState[] Members(int partition) => partition < _all.Length ? [.. _all[partition].Values.Select(entry => entry.State)] : [];

    private static Dictionary<string, RosterEntry> NewPartition() => new(StringComparer.Ordinal);

    private static int IndexOf(string userId, int count) => (int)(StableHash.ComputeHash(userId) & (uint)(count - 1));

    private Dictionary<string, RosterEntry> Of(string userId) => _all[IndexOf(userId, _all.Length)];

    private void Changed(string userId)
    {
        var count = _all.Length;
        if (Count > count * size)
        {
            Rearrange(count * 2);
        }

        // Well below half, or a room at the limit would be written anew again and again.
        else if (count > 1 && Count <= count * size / 4)
        {
            Rearrange(count / 2);
        }
        else if (IndexOf(userId, count) is var partition && !_line.Contains(partition))
        {
            _line.Add(partition);
        }
    }

    private void Rearrange(int count)
    {
        var entries = All.ToList();
        _all = new Dictionary<string, RosterEntry>[count];
        for (var i = 0; i < count; i++)
        {
            _all[i] = NewPartition();
        }

        foreach (var entry in entries)
        {
            Of(entry.State.UserId)[entry.State.UserId] = entry;
        }

        Stored = Math.Max(Stored, count);
        LineUp();
    }

    private void LineUp()
    {
        _line.Clear();
        _line.AddRange(Enumerable.Range(0, _all.Length).Reverse());
        _line.AddRange(Enumerable.Range(_all.Length, Stored - _all.Length).Reverse());
    }
}

/// <summary>One member, and what others see of it; null for one who is not listed.</summary>
internal readonly record struct RosterEntry(MemberState State, RoomMember? Shown);
