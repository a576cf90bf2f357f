namespace Presence.Acceptance.Tests.Core;

/// <summary>Every row of the protocol's table of errors, word by word.</summary>
[Collection(CoreGroup.Name)]
public sealed class ErrorsTests(CoreServer core)
{
    private const string Statuses = "Invalid status. Must be one of: online, idle, away, busy, dnd, invisible";

    [Theory]
    [InlineData("{", "bad_json", "Invalid JSON format")]
    [InlineData("null", "bad_json", "Invalid JSON format")]
    [InlineData("[]", "bad_json", "Invalid JSON format")]
    [InlineData("\"x\"", "bad_json", "Invalid JSON format")]
    [InlineData("""{"type":"heartbeat","type":"heartbeat"}""", "bad_json", "Invalid JSON format")]
    [InlineData("""{"type":"heartbeat","x":[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]}""", "bad_json", "Invalid JSON format")]
    [InlineData("{}", "invalid_request", "Message type is required")]
    [InlineData("""{"type":7}""", "invalid_request", "Message type is required")]
    [InlineData("""{"type":"nope"}""", "unknown_type", "Unknown message type: nope")]
    [InlineData("""{"type":"authenticate","userId":"x","token":"t"}""", "already_authenticated", null)]
    [InlineData("""{"type":"set_status","status":"blue"}""", "invalid_status", Statuses)]
    [InlineData("""{"type":"set_status","status":"Online"}""", "invalid_status", Statuses)]
    [InlineData("""{"type":"set_status"}""", "invalid_status", Statuses)]
    [InlineData("""{"type":"set_status","status":"offline"}""", "invalid_status", "Cannot manually set status to offline while connected")]
    [InlineData("""{"type":"set_status","status":"away","scope":"world"}""", "invalid_request", "scope")]
    [InlineData("""{"type":"set_status","status":"idle","scope":"user"}""", "invalid_request", "scope")]
    [InlineData("""{"type":"set_status","status":"busy","expiresAt":"tomorrow"}""", "invalid_request", "expiresAt")]
    [InlineData("""{"type":"set_status","status":"busy","expiresAt":"2001-01-01T00:00:00Z"}""", "invalid_request", "expiresAt")]
    [InlineData("""{"type":"heartbeat","active":1}""", "invalid_request", "active")]
    [InlineData("""{"type":"get_presence"}""", "invalid_request", "userIds must be an array")]
    [InlineData("""{"type":"subscribe","userIds":"a"}""", "invalid_request", "userIds must be an array")]
    [InlineData("""{"type":"unsubscribe","userIds":{}}""", "invalid_request", "userIds must be an array")]
    [InlineData("""{"type":"subscribe","userIds":["ok",""]}""", "invalid_request", "userIds")]
    [InlineData("""{"type":"subscribe","userIds":["ok"],"known":{"ok":-1}}""", "invalid_request", "known")]
    [InlineData("""{"type":"subscribe","userIds":[1]}""", "invalid_request", "userIds")]
    public async Task Error_OfASignedInClient_IsTheOneOfTheTable(string message, string code, string? text)
    {
        await using var client = await PresenceClient.SignInAsync(core.Server, Names.New("alice"));

        var error = Assert.Single((await client.AskAsync(message)), reply => reply.Type == "error");

        Check(error, code, text);
        Assert.True(client.IsOpen);
    }

    [Theory]
    [InlineData("""{"type":"authenticate","token":"t"}""", "invalid_request", "User ID is required", 0)]
    [InlineData("""{"type":"authenticate","userId":"","token":"t"}""", "invalid_request", "User ID is required", 0)]
    [InlineData("""{"type":"authenticate","userId":"alice"}""", "unauthenticated", "Authentication token is required", 0)]
    [InlineData("""{"type":"authenticate","userId":"alice","token":""}""", "unauthenticated", "Authentication token is required", 0)]
    [InlineData("""{"type":"authenticate","userId":"alice","token":7}""", "unauthenticated", "Invalid authentication token", 4501)]
    [InlineData("""{"type":"authenticate","userId":"a\u0000b","token":"t"}""", "invalid_request", "userId", 0)]
    [InlineData("""{"type":"authenticate","userId":"alice","token":"t","device":{"type":"fridge"}}""", "invalid_request", "device.type", 0)]
    [InlineData("""{"type":"heartbeat"}""", "unauthenticated", "Not authenticated", 0)]
    [InlineData("""{"type":"nope"}""", "unauthenticated", "Not authenticated", 0)]
    [InlineData("""{"type":"subscribe","userIds":["a"]}""", "unauthenticated", "Not authenticated", 0)]
    [InlineData("""{"type":7}""", "invalid_request", "Message type is required", 0)]
    public async Task Error_BeforeAuthenticate_IsTheOneOfTheTable(string message, string code, string text, int closeCode)
    {
        await using var client = await PresenceClient.ConnectAsync(core.Server);

        await client.SendTextAsync(message);
        Check(await client.ExpectAsync("error"), code, text);

        if (closeCode != 0)
        {
            Assert.Equal(closeCode, (await client.ExpectEndAsync()).CloseCode);
        }
        else
        {
            await client.AuthenticateAsync(Names.New("alice"));
        }
    }

    [Fact]
    public async Task LimitExceeded_TooManyIdsOrSubscriptions_NamesTheLimitAndAppliesNothing()
    {
        var alice = Names.New("alice");
        await using var client = await PresenceClient.SignInAsync(core.Server, Names.New("watcher"));
        await using var user = await PresenceClient.SignInAsync(core.Server, alice);

        Check(await AskAsync(new { type = "subscribe", userIds = (string[])[alice, .. Names.Many("x", 15)] }), "limit_exceeded", "MaxIdsPerMessage");
        await client.SubscribeAsync(Names.Many("y", 15));
        Check(await AskAsync(new { type = "subscribe", userIds = (string[])[alice, .. Names.Many("z", 5)] }), "limit_exceeded", "MaxSubscriptionsPer");
        await user.SendAsync(new { type = "set_status", status = "busy" });
        await user.ExpectAsync("status_updated");
        await client.SubscribeAsync([alice, .. Names.Many("z", 4)]);
        await user.SendAsync(new { type = "set_status", status = "dnd" });

        Assert.Equal("dnd", (await client.ExpectAsync("presence_update")).Status);

        async Task<Received> AskAsync(object message) => (await client.AskAsync(message)).Single();
    }

    private static void Check(Received error, string code, string? text)
    {
        Assert.Equal("error", error.Type);
        Assert.Equal(code, error.Code);
        Assert.Equal("False", error["retryable"]);
        if (text is not null && (text.Contains(' ', StringComparison.Ordinal) || text == code))
        {
            Assert.Equal(text, error["message"]);
        }
        else if (text is not null)
        {
            Assert.Contains(text, error["message"], StringComparison.Ordinal);
        }
    }
}
