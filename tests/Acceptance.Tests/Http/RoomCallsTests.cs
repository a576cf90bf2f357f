using System.Net;
using Presence.Acceptance.Tests.Rooms;

namespace Presence.Acceptance.Tests.Http;

/// <summary>Rooms by HTTP, in mode Jwt: who may look, and who may take whom out.</summary>
[Collection(nameof(JwtServer))]
public sealed class RoomCallsTests(JwtServer jwt) : ServerTests(jwt)
{
    private readonly string _room = Names.New("room/ä,+ ");

    private string Path => $"v1/rooms/{Uri.EscapeDataString(_room)}";

    [Fact]
    public async Task Room_IsShownAsOnASocket()
    {
        await using var alice = await SignInAsync();
        await alice.SendAsync(new { type = "join", roomId = _room, metadata = new { seat = 4 } });
        var state = await alice.ExpectAsync("room_state");
        using var caller = new HttpCaller(Server, Tokens.Make("bob"));

        var answer = await caller.GetAsync(Path);

        Assert.Equal((HttpStatusCode.OK, "application/json"), (answer.Status, answer.Type));
        Assert.Equal(state.Text.Replace("\"type\":\"room_state\",", "", StringComparison.Ordinal), answer.Text);
    }

    [Theory]
    [InlineData("", null, HttpStatusCode.OK)]
    [InlineData("", "mine", HttpStatusCode.Forbidden)]
    [InlineData("presence:server", "mine", HttpStatusCode.OK)]
    public async Task Room_OfAToken_IsShownWhereItMayBeJoined(string scope, string? rooms, HttpStatusCode status)
    {
        using var caller = new HttpCaller(Server, Tokens.Make("bob", claims: [("scope", scope), ("rooms", rooms is null ? null : new[] { rooms })]));

        Assert.Equal(status, (await caller.GetAsync(Path)).Status);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("presence:server", true)]
    [InlineData("presence:admin", true)]
    [InlineData("itself", true)]
    public async Task Member_IsTakenOut_ByThoseWhoMay(string who, bool isAllowed)
    {
        var bobId = NewUser();
        await using var alice = await SignInAsync();
        await alice.SendAsync(new { type = "join", roomId = _room });
        await alice.ExpectAsync("room_state");
        await using var bob = await SignInAsync(bobId);
        await bob.SendAsync(new { type = "join", roomId = _room });
        await bob.ExpectAsync("room_state");
        using var caller = new HttpCaller(Server, who == "itself" ? Tokens.Make(bobId) : Tokens.Make("carol", claims: ("scope", who)));

        var answer = await caller.SendAsync("DELETE", $"{Path}/members/{bobId}");

        Assert.Equal(isAllowed ? HttpStatusCode.NoContent : HttpStatusCode.Forbidden, answer.Status);
        if (isAllowed)
        {
            Assert.Equal(_room, (await bob.ExpectAsync("left"))["roomId"]);
            await alice.ExpectAsync("room_update", update => RoomGuest.Ids(update, "left").Contains(bobId));
        }
        else
        {
            Assert.DoesNotContain(await bob.FenceAsync(), message => message.Type == "left");
        }
    }

    [Theory]
    [InlineData("v1/rooms/%20", "roomId")]
    [InlineData("v1/rooms/a%01b/members/bob", "roomId")]
    [InlineData("v1/rooms/a/members/%01", "userId")]
    public async Task Id_OutOfItsRule_IsAProblem(string path, string name)
    {
        using var caller = new HttpCaller(Server, Tokens.Make("bob"));

        var answer = await caller.SendAsync(path.Contains("members", StringComparison.Ordinal) ? "DELETE" : "GET", path);

        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json", "invalid_request"), (answer.Status, answer.Type, answer["code"]));
        Assert.StartsWith(name, answer["detail"], StringComparison.Ordinal);
    }
}
