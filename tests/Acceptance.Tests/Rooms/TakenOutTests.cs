using Presence.Acceptance.Tests.Http;
using static Presence.Acceptance.Tests.Rooms.RoomGuest;

namespace Presence.Acceptance.Tests.Rooms;

/// <summary>A member whom a server takes out of a room.</summary>
[Collection(RoomsGroup.Name)]
public sealed class TakenOutTests(RoomsServer rooms) : IDisposable
{
    private readonly string _room = Names.New("room");
    private readonly HttpCaller _office = new(rooms.Server, "office");

    public void Dispose() => _office.Dispose();

    [Fact]
    public async Task TakenOut_HearsNothingMoreAndMayComeAgain()
    {
        await using var alice = await RoomGuest.JoinAsync(rooms.Server, _room, "alice");
        await using var bob = await RoomGuest.SignInAsync(rooms.Server, _room, "bob");
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(2, Count(await bob.JoinAsync()));
            await TakeOutAsync(bob);
            Assert.Equal(1, Count(await alice.UpdateAsync("left", bob.UserId)));
        }

        await alice.SetStatusAsync("busy");
        await alice.UpdateAsync("updated", alice.UserId);
        Assert.DoesNotContain(await bob.Client.FenceAsync(), message => message.Type == "room_update" && Ids(message, "updated").Count > 0);
        Outcome.Error(await bob.Client.AskAsync(new { type = "typing_start", roomId = _room }), "forbidden", "Join the room first");
    }

    [Fact]
    public async Task TakenOut_OfATypist_EndsTheTyping()
    {
        await using var alice = await RoomGuest.JoinAsync(rooms.Server, _room, "alice");
        await using var bob = await RoomGuest.JoinAsync(rooms.Server, _room, "bob");
        await bob.TypeAsync(true);
        await alice.Client.ExpectAsync("typing", typing => typing["typing"] == "True");

        await TakeOutAsync(bob);

        Assert.Equal(bob.UserId, (await alice.Client.ExpectAsync("typing", typing => typing["typing"] == "False"))["userId"]);
    }

    [Fact]
    public async Task TakenOut_WhileWatching_StillWatches()
    {
        await using var bob = await RoomGuest.JoinAsync(rooms.Server, _room, "bob");
        await bob.WatchAsync("members");

        await TakeOutAsync(bob);

        await using var alice = await RoomGuest.JoinAsync(rooms.Server, _room, "alice");
        Assert.Equal(1, Count(await bob.UpdateAsync("joined", alice.UserId)));
    }

    [Fact]
    public async Task TakenOut_IsNoRoomOfTheConnectionAnyMore()
    {
        await using var bob = await RoomGuest.JoinAsync(rooms.Server, _room, "bob");
        await TakeOutAsync(bob);
        foreach (var i in Enumerable.Range(0, 5))
        {
            await bob.Client.SendAsync(new { type = "watch_room", roomId = $"{_room} {i}" });
            await bob.Client.ExpectAsync("room_state");
        }

        Outcome.Error(await bob.Client.AskAsync(new { type = "watch_room", roomId = $"{_room} 5" }), "limit_exceeded");
    }

    private async Task TakeOutAsync(RoomGuest guest)
    {
        await _office.SendAsync("DELETE", $"v1/rooms/{_room}/members/{guest.UserId}");
        Assert.Equal(_room, (await guest.Client.ExpectAsync("left"))["roomId"]);
    }
}
