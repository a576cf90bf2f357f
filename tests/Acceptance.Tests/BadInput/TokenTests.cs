using System.Text;

namespace Presence.Acceptance.Tests.BadInput;

/// <summary>Rows B111 to B129 on the wire: one answer to every bad token, and a connection lives as long as its token.</summary>
[Collection(nameof(JwtServer))]
public class TokenTests(JwtServer fixture) : ServerTests(fixture)
{
    private const string User = "alice";
    private const string GoodHeader = """{"alg":"HS256","typ":"JWT"}""";

    public static TheoryData<string, string> BadTokens()
    {
        var good = Tokens.Make(User);
        var payload = Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(good.Split('.')[1]));
        return new()
        {
            { "B111 garbage", "garbage" },
            { "B111 spaces", "   " },
            { "B111 20 KB", new string('a', 20_000) },
            { "B111 prefix", "Bearer " + good },
            { "B111 newline", good + "\n" },
            { "B112 other user", Tokens.Make("bob") },
            { "B112 no sub", Tokens.Make(User, claims: ("sub", null)) },
            { "B112 sub is a number", Tokens.Make(User, claims: ("sub", 5)) },
            { "B113 none", $"{Tokens.Encode("""{"alg":"none"}""")}.{Tokens.Encode(payload)}." },
            { "B113 nOnE, signed", Tokens.Sign("""{"alg":"nOnE"}""", payload, Tokens.Secret) },
            { "B114 other algorithm", Tokens.Sign("""{"alg":"RS256"}""", payload, Tokens.Secret) },
            { "B115 other key", Tokens.Sign(GoodHeader, payload, "secret") },
            { "B115 empty key", Tokens.Sign(GoodHeader, payload, "") },
            { "B116 cut signature", good[..^1] },
            { "B116 no signature", good[..(good.LastIndexOf('.') + 1)] },
            { "B116 other payload", string.Join('.', good.Split('.')[0], Tokens.Encode(payload.Replace("presence", "Presence", StringComparison.Ordinal)), good.Split('.')[2]) },
            { "B118 kid", Tokens.Sign("""{"alg":"HS256","kid":["../../dev/null"]}""", payload, Tokens.Secret) },
            { "B119 jku", Tokens.Sign("""{"alg":"HS256","jku":"http://127.0.0.1/keys"}""", payload, Tokens.Secret) },
            { "B120 crit", Tokens.Sign("""{"alg":"HS256","crit":["x"],"x":1}""", payload, Tokens.Secret) },
            { "B121 expired", Tokens.Make(User, expiresIn: -2) },
            { "B121 no exp", Tokens.Make(User, claims: ("exp", null)) },
            { "B122 not yet", Tokens.Make(User, claims: ("nbf", DateTimeOffset.UtcNow.AddMinutes(5).ToUnixTimeSeconds())) },
            { "B123 other audience", Tokens.Make(User, claims: ("aud", "other")) },
            { "B123 other issuer", Tokens.Make(User, claims: ("iss", "https://evil.example")) },
            { "B124 refresh token", Tokens.Make(User, claims: ("typ", "Refresh")) },
        };
    }

    [Theory]
    [MemberData(nameof(BadTokens))]
    public async Task B111_to_B124_BadToken_GetsOneAnswerAndTheClose(string name, string token)
    {
        Assert.NotEmpty(name);
        await using var socket = await OpenAsync();

        await socket.SendTextAsync(Authenticate(User, token));

        var error = Assert.Single(await Outcome.ClosesAsync(socket, 4501)).Text;
        Assert.Equal("""{"type":"error","code":"unauthenticated","message":"Invalid authentication token","retryable":false}""", error);
        Assert.DoesNotContain(Server.Output.Lines, line => token.Length > 10 && line.Contains(token.Trim(), StringComparison.Ordinal));
        await using var watcher = await SignInAsync();
        Assert.Equal("offline", (await watcher.SubscribeAsync(User)).Presences[0].GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("""{"type":"authenticate","userId":"alice"}""", "unauthenticated", "Authentication token is required")]
    [InlineData("""{"type":"authenticate","userId":"alice","token":""}""", "unauthenticated", "Authentication token is required")]
    [InlineData("""{"type":"authenticate","userId":"alice","token":null}""", "unauthenticated", "Authentication token is required")]
    [InlineData("""{"type":"authenticate","token":"t"}""", "invalid_request", "User ID is required")]
    [InlineData("""{"type":"authenticate","userId":"","token":"t"}""", "invalid_request", "User ID is required")]
    [InlineData("""{"type":"authenticate","userId":7,"token":"t"}""", "invalid_request", "User ID is required")]
    public async Task B111_NoTokenOrUser_IsToldAndMayTryAgain(string text, string code, string message)
    {
        await using var client = await ConnectAsync();

        await client.SendTextAsync(text);

        Outcome.IsError(await client.NextAsync(), code, message);
        var user = NewUser();
        await client.AuthenticateAsync(user, token: Tokens.Make(user));
    }

    [Fact]
    public async Task B111_TokenIsANumber_IsRefused()
    {
        await using var socket = await OpenAsync();

        await socket.SendTextAsync("""{"type":"authenticate","userId":"alice","token":5}""");

        Assert.Contains("Invalid authentication token", Assert.Single(await Outcome.ClosesAsync(socket, 4501)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task B128_TokenEnds_IsAnnouncedAndThenCloses()
    {
        var user = NewUser();
        await using var client = await ConnectAsync();
        await client.AuthenticateAsync(user, token: Tokens.Make(user, expiresIn: 1));

        var notice = await client.ExpectAsync("token_expiring");
        var end = await client.ExpectEndAsync();

        Assert.Equal(4040, end.CloseCode);
        var expiresAt = notice.Json.GetProperty("expiresAt").GetDateTimeOffset();
        Assert.InRange((DateTimeOffset.UtcNow - expiresAt).TotalSeconds, 0.9, 2.5);
    }

    [Fact]
    public async Task B128_RefreshedToken_ProlongsTheConnection()
    {
        var user = NewUser();
        await using var client = await ConnectAsync();
        await client.AuthenticateAsync(user, token: Tokens.Make(user, expiresIn: 1));
        await client.ExpectAsync("token_expiring");

        await client.SendAsync(new { type = "refresh_token", token = Tokens.Make(user), id = 1 });
        var refreshed = await client.ExpectAsync("token_refreshed");
        await using var other = await ConnectAsync();
        var later = NewUser();
        await other.AuthenticateAsync(later, token: Tokens.Make(later, expiresIn: 1.2));

        Assert.Equal("1", refreshed.Id);
        Assert.True(refreshed.Json.GetProperty("expiresAt").GetDateTimeOffset() > DateTimeOffset.UtcNow.AddMinutes(5), refreshed.Text);
        Assert.Equal(4040, (await other.ExpectEndAsync()).CloseCode); // Had the old deadline stayed, the client were gone before.
        Assert.Empty(await client.FenceAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task B129_RefreshIsRefused_Closes(bool isOtherUsers)
    {
        var user = NewUser();
        await using var socket = await OpenAsync();
        await socket.SendTextAsync(Authenticate(user, Tokens.Make(user)));
        await socket.ReadDataAsync();
        var token = isOtherUsers ? Tokens.Make("bob") : "garbage";

        await socket.SendTextAsync($$"""{"type":"refresh_token","token":"{{token}}"}""");

        Assert.Contains("Invalid authentication token", Assert.Single(await Outcome.ClosesAsync(socket, 4501)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task B129_RefreshWithFewerRights_EndsWhatIsNoLongerAllowed()
    {
        var (user, kept, lost) = (NewUser(), NewUser("kept"), NewUser("lost"));
        await using var client = await ConnectAsync();
        await client.AuthenticateAsync(user, token: Tokens.Make(user, claims: ("watch", new[] { kept, lost })));
        await client.SubscribeAsync(kept, lost);
        Outcome.Error(await client.AskAsync(new { type = "subscribe", userIds = new[] { kept, "other" } }), "forbidden");

        await client.SendAsync(new { type = "refresh_token", token = Tokens.Make(user, claims: ("watch", new[] { kept })) });
        await client.ExpectAsync("token_refreshed");
        await using var first = await SignInAsync(lost);
        await using var second = await SignInAsync(kept);

        Assert.Equal(kept, (await client.ExpectAsync("presence_update")).UserId);
        Outcome.Error(await client.AskAsync(new { type = "subscribe", userIds = new[] { lost } }), "forbidden");
    }

    [Theory]
    [InlineData("header")]
    [InlineData("subprotocol")]
    [InlineData("subprotocol as it is")]
    [InlineData("query")]
    public async Task TokenAtTheUpgrade_SignsInOrIsUnauthorized(string place)
    {
        var user = NewUser();
        await using var client = await ConnectAsync(At(place, Tokens.Make(user)));

        Assert.Equal(user, (await client.ExpectAsync("authenticated"))["userId"]);
        foreach (var (_, token) in BadTokens().Select(row => ((string)row[0], (string)row[1])).Where(row => !row.Item1.StartsWith("B111", StringComparison.Ordinal) && row.Item1 != "B112 other user"))
        {
            Assert.Equal(401, (await RequestAsync(At(place, token))).Status);
        }
    }

    private static Upgrade At(string place, string token) => place switch
    {
        "header" => new Upgrade().With("Authorization: Bearer " + token),
        "subprotocol as it is" => new Upgrade().With("Sec-WebSocket-Protocol: presence.v1.json, base64url.bearer.presence." + token),
        "subprotocol" => new Upgrade().With("Sec-WebSocket-Protocol: presence.v1.json, base64url.bearer.presence." + Tokens.Encode(token)),
        _ => new Upgrade { Target = "/ws?access_token=" + token },
    };

    private static string Authenticate(string userId, string token) =>
        System.Text.Json.JsonSerializer.Serialize(new { type = "authenticate", userId, token });
}
