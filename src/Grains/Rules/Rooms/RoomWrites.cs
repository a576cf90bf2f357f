namespace Presence.Grains.Rules.Rooms;

/// <summary>What of a room is to be written, one piece after the other, so that a crash between any two of them leaves a room that goes on.</summary>
internal sealed class RoomWrites(Roster roster, Partitions partitions)
{
    /// <summary>Versions are reserved in the store by so many: after a crash the room goes on above everything it may have published.</summary>
    private const long Reserve = 1024;

    private RoomHead? _head;
    private long _last;

    /// <summary>Whether there is anything to write.</summary>
    public bool AnyWaits => IsHeadDue || partitions.AnyWaits || IsOver;

    // Before any partition that it does not name yet, which would not be found again.
    private bool IsHeadDue => !roster.IsEmpty
        && (_head is null || _head.Partitions != partitions.Stored || roster.Version > _head.Version - (Reserve / 2));

    private bool IsOver => roster.IsEmpty && _head is not null && !partitions.AnyWaits;

    /// <summary>Begins with what was stored.</summary>
    public void Restored(RoomHead head, long last)
    {
        (_head, _last) = (head, last);
        partitions.Restored(head.Partitions);
    }

    /// <summary>The next piece; null when everything is written. One at a time, each followed by <see cref="Done"/> or <see cref="Failed"/>.</summary>
    public RoomWrite? Next()
    {
        if (IsHeadDue)
        {
            return new(RoomWrite.OfHead, new(roster.Version + Reserve, partitions.Stored), null);
        }

        if (partitions.TryTake(out var partition))
        {
            return new(partition, null, partitions.Members(partition) is { Length: > 0 } members ? new(++_last, members) : null);
        }

        return IsOver ? new(RoomWrite.OfHead, null, null) : null;
    }

    public void Done(RoomWrite write)
    {
        if (write.Partition == RoomWrite.OfHead)
        {
            _head = write.Head;
        }
        else if (write.Members is null)
        {
            partitions.Cleared(write.Partition);
        }
    }

    public void Failed(RoomWrite write)
    {
        if (write.Partition != RoomWrite.OfHead)
        {
            partitions.Return(write.Partition);
        }
    }
}

/// <summary>One write to the store; of neither head nor members, the end of what is stored there.</summary>
/// <param name="Partition">The partition, or <see cref="OfHead"/>.</param>
/// <param name="Head">What is stored of the room as a whole.</param>
/// <param name="Members">What is stored of the partition.</param>
internal sealed record RoomWrite(int Partition, RoomHead? Head, RoomPartition? Members)
{
    /// <summary>In place of the number of a partition.</summary>
    public const int OfHead = -1;
}
