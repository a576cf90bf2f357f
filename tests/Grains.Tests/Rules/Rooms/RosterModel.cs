using Xunit;

namespace Presence.Grains.Tests.Rules.Rooms;

/// <summary>What somebody who hears the updates of a room knows of it.</summary>
internal sealed class RosterModel(RoomSnapshot snapshot)
{
    private readonly Dictionary<string, RoomMember> _members = snapshot.Members.ToDictionary(member => member.UserId);
    private long _version = snapshot.Version;
    private int _count = snapshot.Count;

    public void Apply(IEnumerable<RoomChanged> updates)
    {
        foreach (var update in updates)
        {
            Assert.Equal(_version + 1, update.Version);
            (_version, _count) = (update.Version, update.Count);
            Array.ForEach(update.Left, userId => Assert.True(_members.Remove(userId)));
            Array.ForEach(update.Joined, member => Assert.True(_members.TryAdd(member.UserId, member)));
            foreach (var member in update.Updated)
            {
                Assert.NotEqual(member, _members[member.UserId]);
                _members[member.UserId] = member;
            }

            if (update.Members is { } members)
            {
                _members.Clear();
                Array.ForEach(members, member => _members.Add(member.UserId, member));
            }
        }
    }

    public void AssertIs(RoomSnapshot snapshot)
    {
        Assert.Equal((snapshot.Version, snapshot.Count), (_version, _count));
        Assert.Equal(snapshot.Members.OrderBy(m => m.UserId, StringComparer.Ordinal), _members.Values.OrderBy(m => m.UserId, StringComparer.Ordinal));
        Assert.True(snapshot.Tier >= RoomTier.Sampled || snapshot.Count == snapshot.Members.Length);
    }
}
