using System.Net;
using System.Text.Json;
using Presence.Acceptance.Tests.Privacy;

namespace Presence.Acceptance.Tests.Http;

/// <summary>The calls by HTTP, in mode Development: a token is the user id and carries all scopes.</summary>
[Collection(PrivacyGroup.Name)]
public sealed class ApiTests(PrivacyServer privacy) : IDisposable
{
    private readonly HttpCaller _server = new(privacy.Server, "back-end");
    private readonly string _alice = Names.New("alice/ä,+ ");

    private string User => $"v1/users/{Uri.EscapeDataString(_alice)}";

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task Claim_SetAndRemoved_ShowsAndIsExplained()
    {
        await using var alice = await PresenceClient.SignInAsync(privacy.Server, _alice);
        await using var watcher = await Watcher.StartAsync(privacy.Server, _alice);

        var set = await _server.PutAsync($"{User}/claims/call", """{"status":"dnd","text":"In a call","expiresAt":"2999-01-01T00:00:00Z"}""");

        Assert.Equal((HttpStatusCode.OK, "call", "dnd"), (set.Status, set["source"], set["status"]));
        await watcher.ExpectAsync(_alice, "dnd");
        var why = (await _server.GetAsync($"{User}/presence?explain=true")).Json.GetProperty("why");
        Assert.Equal("""{"source":"call","status":"dnd","text":"In a call","expiresAt":"2999-01-01T00:00:00.000Z"}""", why.GetRawText());
        Assert.Equal(HttpStatusCode.NoContent, (await _server.SendAsync("DELETE", $"{User}/claims/call")).Status);
        await watcher.ExpectAsync(_alice, "online");
    }

    [Fact]
    public async Task HigherClaim_AtItsEnd_TheLowerOneShowsAndTheManualOneStandsAboveBoth()
    {
        await using var alice = await PresenceClient.SignInAsync(privacy.Server, _alice);
        await using var watcher = await Watcher.StartAsync(privacy.Server, _alice);
        await _server.PutAsync($"{User}/claims/bot", """{"status":"away"}""");
        await watcher.ExpectAsync(_alice, "away");
        var end = DateTimeOffset.UtcNow.AddSeconds(1);

        await _server.PutAsync($"{User}/claims/calendar", $$"""{"status":"busy","expiresAt":"{{end:O}}"}""");

        await watcher.ExpectAsync(_alice, "busy");
        await watcher.ExpectAsync(_alice, "away");
        Assert.InRange(DateTimeOffset.UtcNow, end, end.AddSeconds(1));
        await alice.SendAsync(new { type = "set_status", status = "dnd" });
        await watcher.ExpectAsync(_alice, "dnd");
        await _server.PutAsync($"{User}/claims/call", """{"status":"busy"}""");
        Assert.Equal("dnd", (await _server.GetAsync($"{User}/presence"))["status"]);
    }

    [Fact]
    public async Task Status_SetByHttp_IsThePersonsChoice()
    {
        await using var alice = await PresenceClient.SignInAsync(privacy.Server, _alice);

        var set = await _server.PutAsync($"{User}/status", """{"status":"busy"}""");

        Assert.Equal((HttpStatusCode.OK, "busy", "busy"), (set.Status, set["status"], set["shown"]));
        await alice.ExpectUpdateAsync(_alice, "busy");
        var hidden = await _server.PutAsync($"{User}/status", """{"status":"invisible"}""");
        Assert.Equal((HttpStatusCode.OK, "invisible", "offline"), (hidden.Status, hidden["status"], hidden["shown"]));
        Assert.Equal("online", (await _server.PutAsync($"{User}/status", """{"status":"online"}"""))["shown"]);
    }

    [Fact]
    public async Task SignOut_ClosesEveryConnectionAndTheUserIsGoneAtOnce()
    {
        await using var tab = await PresenceClient.SignInAsync(privacy.Server, _alice, "tab");
        await using var phone = await PresenceClient.SignInAsync(privacy.Server, _alice, "phone");
        await using var watcher = await Watcher.StartAsync(privacy.Server, _alice);

        Assert.Equal("2", (await _server.SendAsync("DELETE", $"{User}/connections"))["count"]);

        Assert.Equal(4503, (await tab.ExpectEndAsync()).CloseCode);
        Assert.Equal(4503, (await phone.ExpectEndAsync()).CloseCode);
        await watcher.ExpectAsync(_alice, "offline", TimeSpan.FromMilliseconds(900));
    }

    [Fact]
    public async Task Queries_BothForms_ListEachUserOnceInTheOrderAsked()
    {
        await using var alice = await PresenceClient.SignInAsync(privacy.Server, _alice);
        string[] ids = [_alice, "nobody-1", _alice, "nobody-2"];
        var query = string.Join(',', ids.Select(Uri.EscapeDataString));

        var get = await _server.GetAsync($"v1/presence?userIds={query}");
        var post = await _server.SendAsync("POST", "v1/presence/query", JsonSerializer.Serialize(new { userIds = ids }));

        string[] expected = [_alice, "nobody-1", "nobody-2"];
        Assert.Equal(expected, get.Json.GetProperty("presences").EnumerateArray().Select(p => p.GetProperty("userId").GetString()!));
        Assert.Equal(expected, post.Json.GetProperty("presences").EnumerateArray().Select(p => p.GetProperty("userId").GetString()!));
        Assert.Equal("online", post.Json.GetProperty("presences")[0].GetProperty("status").GetString());
    }

    [Fact]
    public async Task Privacy_IsForViewersAndATrustedServerSeesPastIt()
    {
        await using var alice = await PresenceClient.SignInAsync(privacy.Server, _alice);
        using var self = new HttpCaller(privacy.Server, "somebody");

        var set = await _server.PutAsync($"{User}/privacy", """{"showOnlineStatus":"contacts"}""");
        var contacts = await _server.PutAsync($"{User}/contacts", """{"userIds":["friend"]}""");

        Assert.Equal("""{"privacy":{"showOnlineStatus":"contacts","showLastSeen":"everyone","showActivity":"everyone"}}""", set.Text);
        Assert.Equal("1", contacts["count"]);
        Assert.Equal("online", (await _server.GetAsync($"{User}/presence"))["status"]);
        Assert.Equal("online", (await _server.GetAsync($"{User}/presence?viewer=friend"))["status"]);
        Assert.Equal("offline", (await _server.GetAsync($"{User}/presence?viewer=stranger"))["status"]);
        Assert.Equal("1", (await _server.GetAsync($"{User}/presence?viewer={Uri.EscapeDataString(_alice)}"))["connectionCount"]);
    }

    [Fact]
    public async Task OwnSettings_AsTheBrowsersFetchSendsThem_AreTaken()
    {
        var id = Names.New("alice");
        using var alice = new HttpCaller(privacy.Server, id);

        var set = await alice.SendAsync(
            "PUT", "api/settings/presence", """{"showOnlineStatus":"everyone","showLastSeen":"contacts","showActivity":"contacts"}""", "text/plain");

        Assert.Equal("""{"privacy":{"showOnlineStatus":"everyone","showLastSeen":"contacts","showActivity":"contacts"}}""", set.Text);
    }

    [Fact]
    public async Task Stats_CountWhoIsHere()
    {
        await using var alice = await PresenceClient.SignInAsync(privacy.Server, _alice);
        await alice.SendAsync(new { type = "join", roomId = _alice });
        await alice.ExpectAsync("room_state");

        var stats = (await _server.GetAsync("v1/stats")).Json;

        Assert.All(["connections", "usersOnline", "rooms"], name => Assert.True(stats.GetProperty(name).GetInt32() >= 1, name));
        Assert.True(stats.GetProperty("statuses").GetProperty("online").GetInt32() >= 1);
        var silo = Assert.Single(stats.GetProperty("silos").EnumerateArray());
        Assert.Equal(stats.GetProperty("usersOnline").GetInt32(), silo.GetProperty("users").GetInt32());
        Assert.InRange(silo.GetProperty("silentMs").GetInt64(), 0, 3_000);
        Assert.False(stats.GetProperty("errors").TryGetProperty("already_authenticated", out _), "what is said to warm up is nobody's error");
    }

    [Fact]
    public async Task Connections_OfOneUser_AreDescribed()
    {
        await using var alice = await PresenceClient.SignInAsync(privacy.Server, _alice, "tab");
        await using var watcher = await Watcher.StartAsync(privacy.Server, _alice);
        await alice.SendAsync(new { type = "subscribe", userIds = new[] { "bob", "carol" } });
        await alice.ExpectAsync("presence_list");

        var answer = (await _server.GetAsync($"v1/connections?userId={Uri.EscapeDataString(_alice)}")).Json;

        var only = Assert.Single(answer.GetProperty("connections").EnumerateArray());
        Assert.True(answer.GetProperty("count").GetInt32() >= 2);
        Assert.Equal(
            (_alice, "tab", "web", "online", 2, 0, false),
            (only.GetProperty("userId").GetString(), only.GetProperty("deviceId").GetString(), only.GetProperty("deviceType").GetString(),
                only.GetProperty("deviceStatus").GetString(), only.GetProperty("subscriptions").GetInt32(), only.GetProperty("rooms").GetInt32(),
                only.GetProperty("isBehind").GetBoolean()));
        Assert.InRange(only.GetProperty("openedAt").GetDateTime(), DateTime.UtcNow.AddSeconds(-30), DateTime.UtcNow.AddSeconds(1));
    }

    [Fact]
    public async Task Closes_AreCountedByCode()
    {
        var before = await CleanAsync();
        await using (await PresenceClient.SignInAsync(privacy.Server, _alice))
        {
            await _server.SendAsync("DELETE", $"{User}/connections");
        }

        Assert.True(await CleanAsync() > before);

        async Task<long> CleanAsync() =>
            (await _server.GetAsync("v1/stats")).Json.GetProperty("closes").TryGetProperty("4503", out var count) ? count.GetInt64() : 0;
    }

    [Fact]
    public async Task OpenApi_DescribesEveryCall()
    {
        var paths = (await _server.GetAsync("v1/openapi.json")).Json.GetProperty("paths");

        Assert.Equal(
            [
                "delete /v1/rooms/{roomId}/members/{userId}", "delete /v1/silos/{address}", "delete /v1/users/{id}/claims/{source}",
                "delete /v1/users/{id}/connections", "get /v1/config", "get /v1/connections",
                "get /v1/events", "get /v1/presence", "get /v1/rooms/{roomId}", "get /v1/stats", "get /v1/users/{id}/presence", "get /v1/users/{id}/timeline", "post /v1/presence/query", "put /api/settings/presence",
                "put /v1/users/{id}/claims/{source}", "put /v1/users/{id}/contacts", "put /v1/users/{id}/privacy", "put /v1/users/{id}/status",
            ],
            paths.EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(call => $"{call.Name} {path.Name}"))
                .Order(StringComparer.Ordinal));
    }
}
