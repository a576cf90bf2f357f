namespace Presence.Acceptance.Tests.Http;

/// <summary>Which token may do what, in mode Jwt.</summary>
[Collection(nameof(JwtServer))]
public sealed class ScopeTests(JwtServer jwt) : ServerTests(jwt)
{
    private readonly string _alice = Names.New("alice");

    [Theory]
    [InlineData("GET", "v1/users/{0}/presence", null, 200, 200, 200)]
    [InlineData("GET", "v1/users/{0}/presence?viewer=other", null, 403, 200, 403)]
    [InlineData("GET", "v1/presence?userIds={0}", null, 200, 200, 200)]
    [InlineData("PUT", "v1/users/{0}/status", """{"status":"busy"}""", 403, 200, 403)]
    [InlineData("PUT", "v1/users/{0}/privacy", "{}", 403, 200, 403)]
    [InlineData("PUT", "v1/users/{0}/contacts", """{"userIds":[]}""", 403, 200, 403)]
    [InlineData("PUT", "v1/users/{0}/claims/call", """{"status":"busy"}""", 403, 200, 403)]
    [InlineData("DELETE", "v1/users/{0}/claims/call", null, 403, 204, 403)]
    [InlineData("DELETE", "v1/users/{0}/connections", null, 403, 200, 200)]
    [InlineData("GET", "v1/rooms/{0}", null, 200, 200, 200)]
    [InlineData("DELETE", "v1/rooms/kitchen/members/{0}", null, 403, 204, 204)]
    [InlineData("GET", "v1/stats", null, 403, 403, 200)]
    [InlineData("GET", "v1/connections", null, 403, 403, 200)]
    [InlineData("GET", "v1/events", null, 403, 403, 200)]
    [InlineData("GET", "v1/config", null, 403, 403, 200)]
    [InlineData("GET", "v1/users/{0}/timeline", null, 403, 403, 200)]
    [InlineData("DELETE", "v1/silos/127.0.0.1:11111", null, 403, 403, 403)]
    public async Task Call_WithAToken_IsAllowedByItsScopes(string method, string path, string? body, int user, int server, int admin)
    {
        path = string.Format(System.Globalization.CultureInfo.InvariantCulture, path, _alice);

        Assert.Equal(401, await StatusAsync(null));
        Assert.Equal(401, await StatusAsync("bad.token.here"));
        Assert.Equal(user, await StatusAsync(Tokens.Make("bob")));
        Assert.Equal(server, await StatusAsync(Tokens.Make("bob", claims: ("scope", "profile presence:server"))));
        Assert.Equal(admin, await StatusAsync(Tokens.Make("bob", claims: ("scope", new[] { "presence:admin" }))));

        async Task<int> StatusAsync(string? token)
        {
            using var caller = new HttpCaller(Server, token);
            var answer = await caller.SendAsync(method, path, body);
            Assert.True((int)answer.Status < 400 || answer.Type == "application/problem+json");
            return (int)answer.Status;
        }
    }

    [Fact]
    public async Task OwnToken_ChangesAndSeesItsOwnUser()
    {
        using var alice = new HttpCaller(Server, Tokens.Make(_alice));

        Assert.Equal(200, (int)(await alice.PutAsync($"v1/users/{_alice}/status", """{"status":"busy"}""")).Status);
        Assert.Equal(200, (int)(await alice.PutAsync("api/settings/presence", """{"showOnlineStatus":"nobody"}""")).Status);
        Assert.Equal("0", (await alice.GetAsync($"v1/users/{_alice}/presence?explain=true"))["connectionCount"]);
        Assert.Equal(403, (int)(await alice.GetAsync("v1/users/bob/presence?explain=true")).Status);
    }

    [Fact]
    public async Task Explain_OnASocketOfATrustedServer_IsForEverybody()
    {
        await using var alice = await SignInAsync(_alice);
        await using var server = await PresenceClient.ConnectAsync(Server);
        await server.AuthenticateAsync("back-end", token: Tokens.Make("back-end", claims: ("scope", "presence:server")));

        await server.SendAsync(new { type = "get_presence", userIds = new[] { _alice, "nobody" }, explain = true });

        var list = (await server.ExpectAsync("presence_list")).Presences;
        Assert.Equal(["device", "none"], list.Select(p => p.GetProperty("why").GetProperty("source").GetString()));
    }

    [Fact]
    public async Task TokenThatMayWatchSome_AsksForNobodyElse()
    {
        using var caller = new HttpCaller(Server, Tokens.Make("bob", claims: ("watch", new[] { _alice })));

        Assert.Equal(200, (int)(await caller.GetAsync($"v1/presence?userIds={_alice},bob")).Status);
        Assert.Equal(403, (int)(await caller.GetAsync($"v1/presence?userIds={_alice},carol")).Status);
        Assert.Equal(403, (int)(await caller.GetAsync("v1/users/carol/presence")).Status);
    }
}
