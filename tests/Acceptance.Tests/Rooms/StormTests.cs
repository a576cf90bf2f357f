using static Presence.Acceptance.Tests.Rooms.RoomGuest;

namespace Presence.Acceptance.Tests.Rooms;

/// <summary>Many who join at once, with the usual window.</summary>
public sealed class StormTests
{
    private const int Guests = 200;

    [Fact]
    public async Task Join_ManyAtOnce_EverybodyKnowsEverybodyAfterAFewUpdates()
    {
        await using var server = await PresenceServer.StartAsync();
        var room = Names.New("room");
        var guests = await Task.WhenAll(Enumerable.Range(0, Guests).Select(i => RoomGuest.SignInAsync(server, room, $"guest{i}")));

        var joined = await Task.WhenAll(guests.Select(FollowAsync));

        Assert.All(joined, told => Assert.InRange(told.Updates, 0, 20));
        foreach (var guest in guests)
        {
            await guest.DisposeAsync();
        }
    }

    /// <summary>Joins, and takes in updates until everybody is there: without a gap, and nobody twice.</summary>
    private static async Task<(int Updates, long Version)> FollowAsync(RoomGuest guest)
    {
        var state = await guest.JoinAsync();
        var (members, version, updates) = (Ids(state, "members").ToHashSet(), Version(state), 0);
        Assert.Contains(guest.UserId, members);
        Assert.Equal(Count(state), members.Count);
        while (members.Count < Guests)
        {
            var update = await guest.UpdateAsync();
            Assert.Equal(++version, Version(update));
            Assert.All(Ids(update, "joined"), userId => Assert.True(members.Add(userId)));
            Assert.Equal(Count(update), members.Count);
            updates++;
        }

        return (updates, version);
    }
}
