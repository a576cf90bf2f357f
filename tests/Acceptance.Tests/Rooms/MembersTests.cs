using static Presence.Acceptance.Tests.Rooms.RoomGuest;

namespace Presence.Acceptance.Tests.Rooms;

/// <summary>Who is in a room: joining, leaving, losing, coming back, with one device and several.</summary>
[Collection(RoomsGroup.Name)]
public sealed class MembersTests(RoomsServer rooms)
{
    private readonly string _room = Names.New("room");

    [Fact]
    public async Task Join_EmptyRoom_StateHoldsOneself()
    {
        await using var alice = await RoomGuest.SignInAsync(rooms.Server, _room, "alice");
        var before = DateTimeOffset.UtcNow.AddSeconds(-1);

        var state = await alice.JoinAsync(new { name = "Alice" });

        var member = Member(state, "members", alice.UserId);
        Assert.Equal(("online", "Alice"), (member.GetProperty("status").GetString(), member.GetProperty("metadata").GetProperty("name").GetString()));
        Assert.InRange(member.GetProperty("joinedAt").GetDateTimeOffset(), before, DateTimeOffset.UtcNow.AddSeconds(1));
        Assert.Equal((1, 1L, "full", ""), (Count(state), Version(state), state["tier"], state["truncated"]));
        Assert.Empty(await alice.Client.FenceAsync());
    }

    [Fact]
    public async Task Join_AndLeave_OthersHearOfItInConsecutiveVersions()
    {
        await using var alice = await RoomGuest.JoinAsync(rooms.Server, _room, "alice");
        await using var bob = await RoomGuest.SignInAsync(rooms.Server, _room, "bob");

        var state = await bob.JoinAsync();
        var joined = await alice.UpdateAsync();
        await bob.LeaveAsync();
        var left = await alice.UpdateAsync();

        Assert.Equal([alice.UserId, bob.UserId], Ids(state, "members"));
        Assert.Equal((2L, 2), (Version(state), Count(state)));
        Assert.Equal((bob.UserId, 2L, 2), (Ids(joined, "joined").Single(), Version(joined), Count(joined)));
        Assert.Equal((bob.UserId, 3L, 1), (Ids(left, "left").Single(), Version(left), Count(left)));
        Assert.Empty(await bob.Client.FenceAsync());
    }

    [Fact]
    public async Task Join_Again_IsAnsweredAndSeenByNobody()
    {
        await using var alice = await RoomGuest.JoinAsync(rooms.Server, _room, "alice");
        await using var bob = await RoomGuest.JoinAsync(rooms.Server, _room, "bob");
        var before = await alice.UpdateAsync("joined", bob.UserId);

        Assert.Equal(2, Count(await bob.JoinAsync()));
        await bob.SetStatusAsync("busy");

        Assert.Equal(Version(before) + 1, Version(await alice.UpdateAsync("updated", bob.UserId)));
    }

    [Fact]
    public async Task SeveralDevices_AreOneMember_UntilTheLastLeaves()
    {
        await using var alice = await RoomGuest.JoinAsync(rooms.Server, _room, "alice");
        await using var tab = await RoomGuest.JoinAsync(rooms.Server, _room, "bob", "tab");
        await alice.UpdateAsync("joined", tab.UserId);

        await using var phone = await RoomGuest.JoinAsync(rooms.Server, _room, "bob", "phone", tab.UserId);
        Assert.Equal(2, Count(await phone.GetAsync()));
        await tab.LeaveAsync();
        Assert.Equal(2, Count(await alice.GetAsync()));
        Assert.DoesNotContain(await alice.Client.FenceAsync(), message => message.Type == "room_update");

        await phone.LeaveAsync();
        Assert.Equal(1, Count(await alice.UpdateAsync("left", tab.UserId)));
    }

    [Fact]
    public async Task Leave_OnPurpose_IsSeenAtOnce_LostConnection_AfterTheGrace()
    {
        await using var alice = await RoomGuest.JoinAsync(rooms.Server, _room, "alice");
        await using var bob = await RoomGuest.JoinAsync(rooms.Server, _room, "bob");
        await using var carol = await RoomGuest.JoinAsync(rooms.Server, _room, "carol");
        await alice.UpdateAsync("joined", carol.UserId);

        carol.Client.Socket.Abort();
        var lost = TimeProvider.System.GetTimestamp();
        await bob.Client.LeaveAsync();
        await alice.UpdateAsync("left", bob.UserId);
        Assert.True(TimeProvider.System.GetElapsedTime(lost) < TimeSpan.FromMilliseconds(900));

        await alice.UpdateAsync("left", carol.UserId);
        Assert.True(TimeProvider.System.GetElapsedTime(lost) > TimeSpan.FromMilliseconds(900));
    }

    [Fact]
    public async Task Lost_BackWithinTheGrace_StaysAMember_JoinedAgainOrNot()
    {
        await using var alice = await RoomGuest.JoinAsync(rooms.Server, _room, "alice");
        await using var bob = await RoomGuest.JoinAsync(rooms.Server, _room, "bob", "tab");
        var before = await alice.UpdateAsync("joined", bob.UserId);
        bob.Client.Socket.Abort();

        await using var back = await RoomGuest.SignInAsync(rooms.Server, _room, "bob", "tab", bob.UserId);
        await using var other = await RoomGuest.SignInAsync(rooms.Server, _room, "other");
        await Task.WhenAll(GraceIsOverAsync(other), GraceIsOverAsync(alice));

        Assert.Equal(2, Count(await back.GetAsync()));
        Assert.Equal(2, Count(await back.JoinAsync()));
        await back.SetStatusAsync("dnd");
        Assert.Equal(Version(before) + 1, Version(await alice.UpdateAsync("updated", bob.UserId)));
        Assert.Equal([bob.UserId], Ids(await back.UpdateAsync(), "updated"));
    }

    [Fact]
    public async Task UpdateMember_IsToldToEverybody()
    {
        await using var alice = await RoomGuest.JoinAsync(rooms.Server, _room, "alice");
        await using var bob = await RoomGuest.JoinAsync(rooms.Server, _room, "bob");
        await alice.UpdateAsync("joined", bob.UserId);

        await bob.Client.SendAsync(new { type = "update_member", roomId = _room, metadata = new { hand = true }, id = 7 });

        Assert.Equal((_room, "7"), ((await bob.Client.ExpectAsync("member_updated"))["roomId"], "7"));
        var update = await alice.UpdateAsync("updated", bob.UserId);
        Assert.True(Member(update, "updated", bob.UserId).GetProperty("metadata").GetProperty("hand").GetBoolean());
        Assert.Equal(Member(update, "updated", bob.UserId).GetRawText(), Member(await bob.GetAsync(), "members", bob.UserId).GetRawText());
    }

    [Fact]
    public async Task GetRoom_NobodyIsThere_IsEmpty()
    {
        await using var alice = await RoomGuest.SignInAsync(rooms.Server, _room, "alice");

        var state = await alice.GetAsync();

        Assert.Equal((0L, 0), (Version(state), Count(state)));
        Assert.Empty(Ids(state, "members"));
    }

    [Fact]
    public async Task Status_OfAMember_IsAnUpdateAndNeverALeaveAndJoin()
    {
        await using var alice = await RoomGuest.JoinAsync(rooms.Server, _room, "alice");
        await using var bob = await RoomGuest.JoinAsync(rooms.Server, _room, "bob");
        await alice.UpdateAsync("joined", bob.UserId);

        foreach (var status in new[] { "busy", "idle", "online", "away" })
        {
            await bob.SetStatusAsync(status);
        }

        var seen = new List<string>();
        while (seen.LastOrDefault() != "away")
        {
            var update = await alice.UpdateAsync();
            Assert.Empty(Ids(update, "joined"));
            Assert.Empty(Ids(update, "left"));
            seen.Add(Member(update, "updated", bob.UserId).GetProperty("status").GetString()!);
        }
    }

    /// <summary>Another user, lost later, is offline: so is whoever was lost before and did not come back.</summary>
    private async Task GraceIsOverAsync(RoomGuest watcher)
    {
        var marker = Names.New("marker");
        var client = await PresenceClient.SignInAsync(rooms.Server, marker);
        await watcher.Client.SubscribeAsync(marker);
        client.Socket.Abort();
        await watcher.Client.ExpectUpdateAsync(marker, "offline");
        await client.DisposeAsync();
    }
}
