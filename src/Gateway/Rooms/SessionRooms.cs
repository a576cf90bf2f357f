namespace Presence.Gateway.Rooms;

/// <summary>The rooms of one connection. Changed by its read loop only.</summary>
internal sealed class SessionRooms
{
    private Dictionary<string, RoomSubscription>? _all;

    /// <summary>Those it is in or watches; it may have been taken out of others.</summary>
    public int Count => _all?.Values.Count(subscription => subscription.IsMember || subscription.IsWatching) ?? 0;

    public IEnumerable<RoomSubscription> All => _all?.Values ?? Enumerable.Empty<RoomSubscription>();

    public RoomSubscription? Find(string roomId) => _all?.GetValueOrDefault(roomId);

    public void Add(RoomSubscription subscription) => (_all ??= new(StringComparer.Ordinal))[subscription.Room.Id] = subscription;

    /// <summary>Nothing of this room is sent to the connection any more.</summary>
    public void Remove(RoomSubscription subscription)
    {
        _all?.Remove(subscription.Room.Id);
        subscription.Room.Remove(subscription);
    }

    /// <summary>The connection has ended. Its device stays a member until its owner says that it is gone.</summary>
    public void Close()
    {
        foreach (var subscription in All)
        {
            subscription.Room.Remove(subscription);
        }

        _all = null;
    }
}
