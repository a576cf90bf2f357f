using static Presence.Acceptance.Tests.Rooms.RoomGuest;

namespace Presence.Acceptance.Tests.Rooms;

/// <summary>Rows B72, B78, B92, B102 and B106, for rooms.</summary>
[Collection(RoomsGroup.Name)]
public sealed class RoomErrorsTests(RoomsServer rooms)
{
    private const string MetadataRule = "metadata must be an object of at most 200 bytes";

    private static readonly string[] Types =
        ["join", "leave", "get_room", "watch_room", "unwatch_room", "update_member", "typing_start", "typing_stop"];

    private readonly string _room = Names.New("room");

    [Theory]
    [InlineData("")]
    [InlineData(""", "roomId": 7""")]
    [InlineData(""", "roomId": null""")]
    [InlineData(""", "roomId": "" """)]
    [InlineData(""", "roomId": "a\u0000b" """)]
    [InlineData(""", "roomId": "\ud800" """)]
    public async Task RoomId_OutOfItsRule_IsInvalid(string field)
    {
        foreach (var type in Types)
        {
            await using var alice = await RoomGuest.SignInAsync(rooms.Server, _room, "alice");
            Outcome.Error(
                await alice.Client.AskAsync($$"""{"type":"{{type}}","metadata":{}{{field}}}"""), "invalid_request",
                "roomId must hold 1 to 128 characters, no control characters, not only white space");
        }
    }

    [Fact]
    public async Task RoomId_LooksLikeAPattern_IsALiteral()
    {
        await using var alice = await RoomGuest.SignInAsync(rooms.Server, "room:*", "alice");
        await alice.JoinAsync();
        foreach (var id in new[] { "*", "room:", "room:?", "../room", "room:* ", new string('x', 128) })
        {
            await using var other = await RoomGuest.SignInAsync(rooms.Server, id, "other");
            Assert.Equal(0, Count(await other.GetAsync()));
        }
    }

    [Theory]
    [InlineData("\"metadata\":[]")]
    [InlineData("\"metadata\":\"x\"")]
    [InlineData("\"metadata\":{\"a\":\"\\ud800\"}")]
    public async Task Metadata_OutOfItsRule_IsRefused(string field)
    {
        await using var alice = await RoomGuest.JoinAsync(rooms.Server, _room, "alice");
        foreach (var type in new[] { "join", "update_member" })
        {
            Outcome.Error(await alice.Client.AskAsync($$"""{"type":"{{type}}","roomId":"{{_room}}",{{field}}}"""), "invalid_request", MetadataRule);
        }
    }

    [Fact]
    public async Task Metadata_TooLargeOrMissing_IsRefused()
    {
        await using var alice = await RoomGuest.JoinAsync(rooms.Server, _room, "alice");
        foreach (var type in new[] { "join", "update_member" })
        {
            Outcome.Error(
                await alice.Client.AskAsync(new { type, roomId = _room, metadata = new { a = new string('x', 193) } }), "invalid_request", MetadataRule);
            await alice.Client.AskAsync(new { type, roomId = _room, metadata = new { a = new string('x', 192) } });
        }

        Outcome.Error(await alice.Client.AskAsync(new { type = "update_member", roomId = _room }), "invalid_request");
    }

    [Fact]
    public async Task B106_Metadata_OfAnyText_ArrivesAsItWas()
    {
        await using var bob = await RoomGuest.JoinAsync(rooms.Server, _room, "bob");
        await using var alice = await RoomGuest.SignInAsync(rooms.Server, _room, "alice");
        var text = "</script><b onclick=\"x\">\u2028 é 👋 __proto__";

        await alice.JoinAsync(new Dictionary<string, object> { ["__proto__"] = text, ["n"] = 1.50, ["list"] = new object[] { 1, null! } });

        var metadata = Member(await bob.UpdateAsync("joined", alice.UserId), "joined", alice.UserId).GetProperty("metadata");
        Assert.Equal(text, metadata.GetProperty("__proto__").GetString());
        Assert.Equal(2, metadata.GetProperty("list").GetArrayLength());
    }

    [Fact]
    public async Task B102_TooManyRooms_TheOthersStay()
    {
        await using var alice = await RoomGuest.SignInAsync(rooms.Server, _room, "alice");
        foreach (var i in Enumerable.Range(0, 5))
        {
            await alice.Client.SendAsync(new { type = i % 2 == 0 ? "join" : "watch_room", roomId = $"{_room} {i}" });
            await alice.Client.ExpectAsync("room_state");
        }

        foreach (var type in new[] { "join", "watch_room" })
        {
            Outcome.Error(
                await alice.Client.AskAsync(new { type, roomId = _room }), "limit_exceeded",
                "MaxRoomsPerConnection is 5: nothing of this message was applied");
        }

        Assert.Equal(0, Count(await alice.GetAsync()));
        await alice.Client.SendAsync(new { type = "join", roomId = $"{_room} 1" });
        await alice.Client.ExpectAsync("room_state");
        await alice.Client.SendAsync(new { type = "leave", roomId = $"{_room} 0" });
        await alice.Client.ExpectAsync("left");
        await alice.JoinAsync();
    }

    [Fact]
    public async Task Mode_Unknown_IsInvalid()
    {
        await using var alice = await RoomGuest.SignInAsync(rooms.Server, _room, "alice");

        Outcome.Error(
            await alice.Client.AskAsync(new { type = "watch_room", roomId = _room, mode = "all" }), "invalid_request",
            "mode must be one of: members, count");
        Outcome.Error(
            await alice.Client.AskAsync(new { type = "join", roomId = _room, listed = "yes" }), "invalid_request",
            "listed must be true or false");
    }

    [Fact]
    public async Task B78_BeforeAuthenticate_IsNotAuthenticated()
    {
        foreach (var type in Types)
        {
            await using var client = await PresenceClient.ConnectAsync(rooms.Server);
            await client.SendAsync(new { type, roomId = _room });
            Outcome.IsError(await client.NextAsync(), "unauthenticated", "Not authenticated");
        }
    }

    [Fact]
    public async Task LeaveAndUnwatch_NotThere_AreAnswered()
    {
        await using var alice = await RoomGuest.SignInAsync(rooms.Server, _room, "alice");

        Assert.Equal("left", Assert.Single(await alice.Client.AskAsync(new { type = "leave", roomId = _room })).Type);
        Assert.Equal("unwatched", Assert.Single(await alice.Client.AskAsync(new { type = "unwatch_room", roomId = _room })).Type);
    }
}
