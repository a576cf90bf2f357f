namespace Presence.Acceptance.Tests.Rooms;

/// <summary>Row B101: the token says which rooms may be joined.</summary>
[Collection(nameof(JwtServer))]
public class RoomRightsTests(JwtServer fixture) : ServerTests(fixture)
{
    private readonly string _room = Names.New("room");

    [Theory]
    [InlineData("join")]
    [InlineData("watch_room")]
    [InlineData("get_room")]
    public async Task B101_RoomIsNotInTheToken_IsForbidden_WhetherItExistsOrNot(string type)
    {
        var user = NewUser();
        await using var host = await SignInAsync();
        await host.SendAsync(new { type = "join", roomId = _room });
        await host.ExpectAsync("room_state");
        await using var client = await PresenceClient.ConnectAsync(Server);
        await client.AuthenticateAsync(user, null, Tokens.Make(user, 600, ("rooms", new[] { "mine" })));

        foreach (var roomId in new[] { _room, "no such room" })
        {
            Outcome.Error(await client.AskAsync(new { type, roomId }), "forbidden", "The token does not allow this");
        }

        await client.SendAsync(new { type, roomId = "mine" });
        await client.ExpectAsync("room_state");
    }

    [Fact]
    public async Task B129_FreshTokenAllowsFewerRooms_TheOthersAreLeft()
    {
        var user = NewUser();
        await using var host = await SignInAsync();
        await host.SendAsync(new { type = "join", roomId = _room });
        await host.ExpectAsync("room_state");
        await using var client = await SignInAsync(user);
        await client.SendAsync(new { type = "join", roomId = _room });
        await client.ExpectAsync("room_state");
        await client.SendAsync(new { type = "watch_room", roomId = $"{_room} b" });
        await client.ExpectAsync("room_state");

        await client.SendAsync(new { type = "refresh_token", token = Tokens.Make(user, 600, ("rooms", new[] { "mine" })) });

        await client.ExpectAsync("token_refreshed");
        Assert.Equal(_room, (await client.ExpectAsync("left"))["roomId"]);
        Assert.Equal($"{_room} b", (await client.ExpectAsync("unwatched"))["roomId"]);
        await host.ExpectAsync("room_update", update => update.Text.Contains("\"left\"", StringComparison.Ordinal));
    }
}
