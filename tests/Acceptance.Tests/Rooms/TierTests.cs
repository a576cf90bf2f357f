using static Presence.Acceptance.Tests.Rooms.RoomGuest;

namespace Presence.Acceptance.Tests.Rooms;

/// <summary>How much is told of a room of a size; here a roster holds four members.</summary>
public sealed class TierTests : IAsyncLifetime
{
    private const int Limit = 4;

    private readonly string _room = Names.New("room");
    private PresenceServer _server = null!;

    public async Task InitializeAsync() => _server = await PresenceServer.StartAsync(
        ("UpdateWindow", "50ms"), ("GracePeriod", "1s"), ("RoomRosterLimit", $"{Limit}"));

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Room_GrowsBeyondTheLimitAndShrinks_IsToldAsItsSizeAllows()
    {
        await using var alice = await RoomGuest.JoinAsync(_server, _room, "alice");
        var guests = new List<RoomGuest>();
        for (var i = 0; i < Limit; i++)
        {
            guests.Add(await RoomGuest.JoinAsync(_server, _room, $"guest{i}"));
        }

        var large = await alice.Client.ExpectAsync("room_update", update => Count(update) == Limit + 1);
        Assert.Equal(("True", "sampled", "", ""), (large["truncated"], large["tier"], large["joined"], large["left"]));
        Assert.Equal(Limit, Ids(large, "members").Distinct().Count());
        var state = await guests[^1].GetAsync();
        Assert.Equal(("True", Limit + 1), (state["truncated"], Count(state)));

        // Who joins now is answered at once, and counted.
        await using (var late = await RoomGuest.SignInAsync(_server, _room, "late"))
        {
            var seen = await late.JoinAsync();
            Assert.Equal(("True", Limit + 2), (seen["truncated"], Count(seen)));
            Assert.InRange(Ids(seen, "members").Count, 1, Limit);
            await late.LeaveAsync();
        }

        // At the limit itself the room stays as it is; it comes back at eight tenths.
        await guests[0].LeaveAsync();
        Assert.Equal("True", (await alice.Client.ExpectAsync("room_update", update => Count(update) == Limit))["truncated"]);
        await guests[1].LeaveAsync();
        var small = await alice.Client.ExpectAsync("room_update", update => Count(update) == Limit - 1);

        Assert.Equal(("", "full"), (small["truncated"], small["tier"]));
        Assert.Equal([alice.UserId, guests[2].UserId, guests[3].UserId], Ids(small, "members"));
        Assert.Equal(Version(small), Version(await alice.GetAsync()));
        foreach (var guest in guests)
        {
            await guest.DisposeAsync();
        }
    }

    [Fact]
    public async Task Typing_InATruncatedRoom_IsNotTold()
    {
        var guests = new List<RoomGuest>();
        for (var i = 0; i <= Limit; i++)
        {
            guests.Add(await RoomGuest.JoinAsync(_server, _room, $"guest{i}"));
        }

        await guests[0].Client.ExpectAsync("room_update", update => update["truncated"] == "True");
        await guests[1].TypeAsync(true);
        await guests[1].LeaveAsync();
        await guests[0].Client.ExpectAsync("room_update", update => Count(update) == Limit);

        Assert.DoesNotContain(guests[0].Client.Log, line => line.Contains("\"typing\"", StringComparison.Ordinal));
        foreach (var guest in guests)
        {
            await guest.DisposeAsync();
        }
    }
}
