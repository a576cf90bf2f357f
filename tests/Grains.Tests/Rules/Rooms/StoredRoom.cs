using Presence.Grains.Rules.Rooms;

namespace Presence.Grains.Tests.Rules.Rooms;

/// <summary>What a store holds of one room.</summary>
internal sealed class StoredRoom
{
    public RoomHead? Head { get; private set; }

    public SortedDictionary<int, RoomPartition> Partitions { get; } = [];

    /// <summary>Everybody whom a restored room would find, as <see cref="Told"/>.</summary>
    public HashSet<string> Members => [.. Named.SelectMany(partition => partition.Members).Select(Told)];

    private IEnumerable<RoomPartition> Named => Partitions.Where(pair => pair.Key < (Head?.Partitions ?? 0)).Select(pair => pair.Value);

    /// <summary>A member, and since when: who left and came back is another.</summary>
    public static string Told(MemberState member) => $"{member.UserId} since {member.ListedAt:O}";

    /// <summary>Takes one write of the room.</summary>
    /// <param name="room">Whose next write it is.</param>
    /// <param name="isLost">It does not arrive.</param>
    /// <param name="isAnswered">The room hears that it arrived.</param>
    /// <returns>False when there is nothing to write.</returns>
    public bool Write(Room room, bool isLost = false, bool isAnswered = true)
    {
        if (room.Writes.Next() is not { } write)
        {
            return false;
        }

        if (!isLost)
        {
            Take(write);
        }

        if (!isLost && isAnswered)
        {
            room.Writes.Done(write);
        }
        else
        {
            room.Writes.Failed(write);
        }

        return true;
    }

    public void WriteAll(Room room)
    {
        while (Write(room))
        {
        }
    }

    public void Restore(Room room)
    {
        if (Head is { } head)
        {
            room.Restore(head, Named);
        }
    }

    private void Take(RoomWrite write)
    {
        if (write.Partition == RoomWrite.OfHead)
        {
            Head = write.Head;
        }
        else if (write.Members is { } members)
        {
            Partitions[write.Partition] = members;
        }
        else
        {
            Partitions.Remove(write.Partition);
        }
    }
}
