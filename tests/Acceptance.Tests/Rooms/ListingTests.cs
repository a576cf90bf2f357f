using static Presence.Acceptance.Tests.Rooms.RoomGuest;

namespace Presence.Acceptance.Tests.Rooms;

/// <summary>Who of those in a room is listed: everybody whose status everyone may see, and who consents.</summary>
[Collection(RoomsGroup.Name)]
public sealed class ListingTests(RoomsServer rooms)
{
    private readonly string _room = Names.New("room");

    [Fact]
    public async Task Invisible_TakesPartUnlistedAndUncounted()
    {
        await using var alice = await RoomGuest.JoinAsync(rooms.Server, _room, "alice");
        await using var ghost = await RoomGuest.SignInAsync(rooms.Server, _room, "ghost");
        await ghost.SetStatusAsync("invisible");

        var state = await ghost.JoinAsync(new { secret = true });
        await ghost.TypeAsync(true);
        await ghost.Client.AskAsync(new { type = "update_member", roomId = _room, metadata = new { secret = 1 } });
        await alice.SetStatusAsync("busy");

        Assert.Equal([alice.UserId], Ids(state, "members"));
        Assert.Equal((1, 1L), (Count(state), Version(state)));
        Assert.Equal([alice.UserId], Ids(await ghost.UpdateAsync(), "updated"));
        var heard = new List<Received>();
        await Until.TrueAsync(
            async () =>
            {
                heard.AddRange(await alice.Client.FenceAsync());
                return heard.Exists(message => message.Type == "room_update");
            },
            RawSocket.Deadline,
            () => "Alice hears nothing of herself, but the ghost did.");
        var update = Assert.Single(heard, message => message.Type is not "presence_update");
        Assert.Equal((2L, 1), (Version(update), Count(update)));
    }

    [Fact]
    public async Task Invisible_AndBack_IsALeaveAndAJoinWithoutAPast()
    {
        await using var alice = await RoomGuest.JoinAsync(rooms.Server, _room, "alice");
        await using var bob = await RoomGuest.JoinAsync(rooms.Server, _room, "bob");
        var before = Member(await alice.UpdateAsync("joined", bob.UserId), "joined", bob.UserId).GetProperty("joinedAt").GetDateTimeOffset();

        await bob.SetStatusAsync("invisible");
        Assert.Equal(1, Count(await alice.UpdateAsync("left", bob.UserId)));

        // Times are told in milliseconds.
        SpinWait.SpinUntil(() => DateTimeOffset.UtcNow > before.AddMilliseconds(1));
        await bob.SetStatusAsync("online");

        var back = await alice.UpdateAsync("joined", bob.UserId);
        Assert.True(Member(back, "joined", bob.UserId).GetProperty("joinedAt").GetDateTimeOffset() > before);
    }

    [Fact]
    public async Task Invisible_JoinedListed_IsListedWithTheStatusUnderIt()
    {
        await using var alice = await RoomGuest.JoinAsync(rooms.Server, _room, "alice");
        await using var bob = await RoomGuest.SignInAsync(rooms.Server, _room, "bob");
        await bob.SetStatusAsync("idle");
        await bob.SetStatusAsync("invisible");

        await bob.JoinAsync(listed: true);

        var update = await alice.UpdateAsync("joined", bob.UserId);
        Assert.Equal("idle", Member(update, "joined", bob.UserId).GetProperty("status").GetString());
        await alice.Client.SendAsync(new { type = "get_presence", userIds = new[] { bob.UserId } });
        Assert.Equal("offline", (await alice.Client.ExpectAsync("presence_list")).Presences[0].GetProperty("status").GetString());

        await bob.JoinAsync();
        Assert.Equal(1, Count(await alice.UpdateAsync("left", bob.UserId)));
    }

    [Fact]
    public async Task Watching_Members_HearsEverythingAndIsNoMember()
    {
        await using var watcher = await RoomGuest.SignInAsync(rooms.Server, _room, "watcher");
        Assert.Empty(Ids(await watcher.WatchAsync("members"), "members"));

        await using var alice = await RoomGuest.JoinAsync(rooms.Server, _room, "alice");

        Assert.Equal(1, Count(await watcher.UpdateAsync("joined", alice.UserId)));
        await watcher.Client.SendAsync(new { type = "unwatch_room", roomId = _room, id = 5 });
        Assert.Equal((_room, "5"), ((await watcher.Client.ExpectAsync("unwatched"))["roomId"], "5"));
        await alice.SetStatusAsync("busy");
        await alice.UpdateAsync("updated", alice.UserId);
        Assert.Empty(await watcher.Client.FenceAsync());
    }

    [Fact]
    public async Task Watching_TheCount_HearsOnlyOfTheCount()
    {
        await using var alice = await RoomGuest.JoinAsync(rooms.Server, _room, "alice");
        await using var watcher = await RoomGuest.SignInAsync(rooms.Server, _room, "watcher");
        var state = await watcher.WatchAsync("count");
        Assert.Equal((1, ""), (Count(state), state["members"]));

        await alice.SetStatusAsync("busy");
        await using var bob = await RoomGuest.JoinAsync(rooms.Server, _room, "bob");

        var update = await watcher.UpdateAsync();
        Assert.Equal((2, "", ""), (Count(update), update["joined"], update["updated"]));
    }
}
