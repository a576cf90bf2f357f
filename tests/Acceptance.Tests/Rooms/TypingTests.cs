using System.Diagnostics;

namespace Presence.Acceptance.Tests.Rooms;

/// <summary>Rows B103 to B105, and who hears of typing.</summary>
[Collection(RoomsGroup.Name)]
public sealed class TypingTests(RoomsServer rooms)
{
    private readonly string _room = Names.New("room");

    [Fact]
    public async Task Start_AndStop_OtherMembersHearAndNobodyElse()
    {
        await using var alice = await RoomGuest.JoinAsync(rooms.Server, _room, "alice");
        await using var phone = await RoomGuest.JoinAsync(rooms.Server, _room, "alice", userId: alice.UserId);
        await using var bob = await RoomGuest.JoinAsync(rooms.Server, _room, "bob");
        await using var watcher = await RoomGuest.SignInAsync(rooms.Server, _room, "watcher");
        await watcher.WatchAsync("members");

        await alice.Client.SendAsync(new { type = "typing_start", roomId = _room, id = 1 });
        await alice.Client.ExpectAsync("ok", reply => reply.Id == "1");
        await ExpectAsync(bob, alice.UserId, true);
        await alice.TypeAsync(false);
        await ExpectAsync(bob, alice.UserId, false);

        foreach (var guest in new[] { alice, phone, watcher })
        {
            Assert.DoesNotContain(await guest.Client.FenceAsync(), message => message.Type == "typing");
        }
    }

    [Fact]
    public async Task B105_Repeated_IsOneEventAndLastsLonger()
    {
        await using var alice = await RoomGuest.JoinAsync(rooms.Server, _room, "alice");
        await using var bob = await RoomGuest.JoinAsync(rooms.Server, _room, "bob");
        var began = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var last = began;
        while (Stopwatch.GetElapsedTime(began) < RoomsServer.TypingExpiry * 2)
        {
            last = Stopwatch.GetTimestamp();
            await alice.TypeAsync(true);
            await timer.WaitForNextTickAsync();
        }

        await ExpectAsync(bob, alice.UserId, true);
        await ExpectAsync(bob, alice.UserId, false);

        Assert.InRange(Stopwatch.GetElapsedTime(last), RoomsServer.TypingExpiry * 0.9, RoomsServer.TypingExpiry + TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData("leave")]
    [InlineData("close")]
    [InlineData("abort")]
    public async Task B104_TheTypistGoes_TypingEndsBeforeItsTime(string how)
    {
        await using var bob = await RoomGuest.JoinAsync(rooms.Server, _room, "bob");
        await using var alice = await RoomGuest.JoinAsync(rooms.Server, _room, "alice");
        await alice.TypeAsync(true);
        await ExpectAsync(bob, alice.UserId, true);
        var began = Stopwatch.GetTimestamp();

        switch (how)
        {
            case "leave":
                await alice.LeaveAsync();
                break;
            case "close":
                await alice.Client.LeaveAsync();
                break;
            default:
                alice.Client.Socket.Abort();
                break;
        }

        await ExpectAsync(bob, alice.UserId, false);
        Assert.True(Stopwatch.GetElapsedTime(began) < RoomsServer.TypingExpiry * 0.9);
    }

    [Fact]
    public async Task B103_NotAMember_IsForbiddenAndNobodySeesAnything()
    {
        await using var bob = await RoomGuest.JoinAsync(rooms.Server, _room, "bob");
        await using var outsider = await RoomGuest.SignInAsync(rooms.Server, _room, "outsider");
        await outsider.WatchAsync("members");

        foreach (var type in new[] { "typing_start", "typing_stop" })
        {
            Outcome.Error(await outsider.Client.AskAsync(new { type, roomId = _room, userId = bob.UserId }), "forbidden");
        }

        Outcome.Error(await outsider.Client.AskAsync(new { type = "update_member", roomId = _room, metadata = new { } }), "forbidden");
        Assert.Empty(await bob.Client.FenceAsync());
    }

    // The next that is heard of typing: nothing comes twice.
    private static async Task ExpectAsync(RoomGuest guest, string userId, bool isTyping)
    {
        var typing = await guest.Client.ExpectAsync("typing");
        Assert.Equal((userId, isTyping), (typing["userId"], typing.Json.GetProperty("typing").GetBoolean()));
    }
}
