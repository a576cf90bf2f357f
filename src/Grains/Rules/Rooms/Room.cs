namespace Presence.Grains.Rules.Rooms;

/// <summary>All that happens in a room. The grain around it gives the time and passes on what there is to tell.</summary>
internal sealed class Room
{
    private const int MaxAhead = 256;

    private readonly string _id;
    private readonly Typists _typists;
    private readonly List<TypingChanged> _typing = [];

    /// <summary>What owners said of users whose join is still on its way.</summary>
    private readonly Dictionary<string, RoomMemberView> _ahead = new(StringComparer.Ordinal);

    /// <summary>Devices that were stored, and that their gateway has not named since.</summary>
    private readonly HashSet<(string UserId, string DeviceId)> _unconfirmed = [];

    public Room(string id, RoomLimits limits)
    {
        var members = new Partitions(limits.PartitionSize);
        (_id, _typists, Roster) = (id, new(limits.TypingExpiry), new(id, limits, members));
        Writes = new(Roster, members);
    }

    public Roster Roster { get; }

    /// <summary>What of it is to be written.</summary>
    public RoomWrites Writes { get; }

    /// <summary>When somebody's typing ends by itself; null while nobody types.</summary>
    public DateTimeOffset? NextTypingEnd => _typists.Next;

    /// <summary>Begins with what was stored, as far as its devices may still be there.</summary>
    public void Restore(RoomHead head, IEnumerable<RoomPartition> partitions)
    {
        var stored = partitions.OrderBy(partition => partition.Number).ToList();
        Roster.Restore(stored.SelectMany(partition => partition.Members), head.Version);
        Writes.Restored(head, stored.Count == 0 ? 0 : stored[^1].Number);
        _unconfirmed.UnionWith(from member in Roster.Members
                               from device in member.Devices
                               select (member.UserId, device.DeviceId));
    }

    /// <summary>The lives of gateways that have not said yet which of their stored devices are still there.</summary>
    public IReadOnlyList<string> UnconfirmedLives() =>
        [.. Roster.Members.SelectMany(member => member.Devices.Where(device => IsUnconfirmed(member, device)))
            .Select(device => device.Life).Distinct(StringComparer.Ordinal)];

    /// <summary>Devices of this life that it has not named are gone.</summary>
    public void DropUnconfirmed(string life)
    {
        foreach (var (userId, deviceId) in _unconfirmed.ToList())
        {
            if (Roster.Find(userId) is { } member && member.IndexOf(deviceId) is >= 0 and var at && member.Devices[at].Life == life)
            {
                Leave(userId, deviceId);
            }
        }
    }

    public void Join(RoomJoin join, DateTimeOffset now)
    {
        _unconfirmed.Remove((join.UserId, join.DeviceId));
        var known = Roster.Find(join.UserId);
        var view = Latest(Latest(join.View, known?.View), _ahead.GetValueOrDefault(join.UserId));
        _ahead.Remove(join.UserId);
        var member = known ?? new(join.UserId, null, now, view, []);
        Put(member.With(new(join.DeviceId, join.Life, join.IsListed, join.View.Sequence)) with
        {
            View = view,
            Metadata = join.Metadata ?? member.Metadata,
        }, now);
    }

    public void Leave(string userId, string deviceId)
    {
        _unconfirmed.Remove((userId, deviceId));
        if (Roster.Find(userId) is not { } member || member.Without(deviceId) is var rest && ReferenceEquals(rest, member))
        {
            return;
        }

        EndTyping(userId, _typists.Stop(userId, deviceId));
        if (rest.Devices.Length > 0)
        {
            Put(rest, rest.ListedAt);
            return;
        }

        EndTyping(userId, _typists.Stop(userId));
        Roster.Remove(userId);
    }

    /// <returns>False when the user is no member.</returns>
    public bool Update(string userId, string? metadata)
    {
        if (Roster.Find(userId) is not { } member)
        {
            return false;
        }

        Roster.Set(member with { Metadata = metadata });
        return true;
    }

    /// <summary>What the owner says of its user; what it says late changes nothing.</summary>
    public void Change(RoomMemberChange change, DateTimeOffset now)
    {
        if (Roster.Find(change.UserId) is not { } member)
        {
            RememberAhead(change);
            return;
        }

        if (change.View.Sequence > member.View.Sequence)
        {
            Put(member with { View = change.View }, now);
        }

        foreach (var deviceId in change.Gone)
        {
            var at = member.IndexOf(deviceId);
            if (at >= 0 && member.Devices[at].Sequence < change.View.Sequence)
            {
                Leave(change.UserId, deviceId);
            }
        }
    }

    /// <summary>Only of members who are listed, and where each of them is told.</summary>
    public void SetTyping(string userId, string deviceId, bool isTyping, DateTimeOffset now)
    {
        if (!isTyping)
        {
            EndTyping(userId, _typists.Stop(userId, deviceId));
        }
        else if (Roster.IsListed(userId) && !Roster.Tier.IsTruncated() && _typists.Start(userId, deviceId, now))
        {
            _typing.Add(new(_id, userId, IsTyping: true));
        }
    }

    public void ExpireTyping(DateTimeOffset now) => _typists.Expire(now).ForEach(userId => EndTyping(userId, true));

    /// <summary>Who began and ended to type since the last call.</summary>
    public IReadOnlyList<TypingChanged> TakeTyping()
    {
        if (_typing.Count == 0)
        {
            return [];
        }

        TypingChanged[] taken = [.. _typing];
        _typing.Clear();
        return taken;
    }

    private static RoomMemberView Latest(RoomMemberView view, RoomMemberView? other) =>
        other is not null && other.Sequence > view.Sequence ? other : view;

    private bool IsUnconfirmed(MemberState member, MemberDevice device) => _unconfirmed.Contains((member.UserId, device.DeviceId));

    private void Put(MemberState member, DateTimeOffset now)
    {
        if (!Roster.IsListed(member.UserId))
        {
            member = member with { ListedAt = now };
        }

        Roster.Set(member);
        if (!Roster.IsListed(member.UserId))
        {
            EndTyping(member.UserId, _typists.Stop(member.UserId));
        }
    }

    private void EndTyping(string userId, bool hasEnded)
    {
        if (hasEnded)
        {
            _typing.Add(new(_id, userId, IsTyping: false));
        }
    }

    private void RememberAhead(RoomMemberChange change)
    {
        if (_ahead.Count >= MaxAhead)
        {
            _ahead.Clear();
        }

        _ahead[change.UserId] = Latest(change.View, _ahead.GetValueOrDefault(change.UserId));
    }
}
