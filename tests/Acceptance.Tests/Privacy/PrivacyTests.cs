using System.Text.Json;

namespace Presence.Acceptance.Tests.Privacy;

/// <summary>What a change of privacy, contacts or blocks does to those who watch, and to those who ask.</summary>
[Collection(PrivacyGroup.Name)]
public sealed class PrivacyTests(PrivacyServer privacy) : IAsyncLifetime
{
    private readonly string _aliceId = Names.New("alice");
    private readonly string _bobId = Names.New("bob");

    private PresenceClient _alice = null!;
    private PresenceClient _bob = null!;

    public async Task InitializeAsync()
    {
        _alice = await PresenceClient.SignInAsync(privacy.Server, _aliceId);
        _bob = await PresenceClient.SignInAsync(privacy.Server, _bobId);
    }

    public async Task DisposeAsync()
    {
        await _alice.DisposeAsync();
        await _bob.DisposeAsync();
    }

    [Fact]
    public async Task Block_TheBlockedHearsOneLastUpdateAndThenNothing()
    {
        await using var watcher = await Watcher.StartAsync(privacy.Server, _aliceId);
        var held = (await _bob.SubscribeAsync(_aliceId)).Presences[0].GetProperty("version").GetInt64();

        Assert.Equal(1, (await AskAsync("block", "blocked_updated", new { type = "block", userIds = new[] { _bobId } })).GetProperty("count").GetInt32());

        var last = await _bob.ExpectAsync("presence_update", update => update.UserId == _aliceId);
        Assert.Equal(
            $$"""{"userId":"{{_aliceId}}","status":"offline","lastSeen":null,"version":{{held + 1}}}""", last.Presence.GetRawText());
        await StatusAsync("busy");
        await watcher.ExpectAsync(_aliceId, "busy");
        Assert.DoesNotContain(await _bob.FenceAsync(), message => message.Type == "presence_update");
        Assert.Equal(Nobody(_aliceId), await EntryAsync(_bob));
    }

    [Fact]
    public async Task Unblock_TheOtherSeesEverythingAgainWithAHigherVersion()
    {
        await _bob.SubscribeAsync(_aliceId);
        await AskAsync("block", "blocked_updated", new { type = "block", userIds = new[] { _bobId } });
        var last = await _bob.ExpectAsync("presence_update", update => update.UserId == _aliceId);

        await AskAsync("unblock", "blocked_updated", new { type = "unblock", userIds = new[] { _bobId } });

        Assert.True((await _bob.ExpectUpdateAsync(_aliceId, "online")).Version > last.Version);
        await StatusAsync("dnd");
        await _bob.ExpectUpdateAsync(_aliceId, "dnd");
    }

    [Fact]
    public async Task Block_OfSomebodyElse_IsNoticedByNobody()
    {
        await using var watcher = await Watcher.StartAsync(privacy.Server, _aliceId);

        await AskAsync("block", "blocked_updated", new { type = "block", userIds = new[] { _bobId } });
        await AskAsync("unblock", "blocked_updated", new { type = "unblock", userIds = new[] { _bobId } });

        Assert.Empty(await watcher.UpdatesOfAsync(_aliceId));
        await StatusAsync("busy");
        await watcher.ExpectAsync(_aliceId, "busy");
    }

    [Theory]
    [InlineData("contacts")]
    [InlineData("nobody")]
    public async Task ShowOnlineStatus_ToFewer_StrangersLoseTheUserAtOnce(string audience)
    {
        await _bob.SubscribeAsync(_aliceId);

        await SetPrivacyAsync(new { type = "set_privacy", showOnlineStatus = audience });

        await _bob.ExpectUpdateAsync(_aliceId, "offline");
        Assert.Equal(Nobody(_aliceId), await EntryAsync(_bob));
        await SetPrivacyAsync(new { type = "set_privacy", showOnlineStatus = "everyone" });
        await _bob.ExpectUpdateAsync(_aliceId, "online");
    }

    [Fact]
    public async Task Contacts_SeeWhatStrangersDoNotAndLoseItWhenTheyAreNone()
    {
        await SetPrivacyAsync(new { type = "set_privacy", showOnlineStatus = "contacts" });
        await _bob.SubscribeAsync(_aliceId);

        Assert.Equal(1, (await AskAsync("add", "contacts_updated", new { type = "add_contacts", userIds = new[] { _bobId, _bobId, _aliceId } }))
            .GetProperty("count").GetInt32());

        await _bob.ExpectUpdateAsync(_aliceId, "online");
        await StatusAsync("busy");
        await _bob.ExpectUpdateAsync(_aliceId, "busy");
        await AskAsync("remove", "contacts_updated", new { type = "remove_contacts", userIds = new[] { _bobId } });
        await _bob.ExpectUpdateAsync(_aliceId, "offline");
        await AskAsync("set", "contacts_updated", new { type = "set_contacts", userIds = new[] { _bobId, "x", "y" } });
        await _bob.ExpectUpdateAsync(_aliceId, "busy");
    }

    [Fact]
    public async Task Activity_ForContacts_StrangersSeeNoChangeAndNoVersionOfIt()
    {
        await AskAsync("add", "contacts_updated", new { type = "add_contacts", userIds = new[] { _bobId } });
        await SetPrivacyAsync(new { type = "set_privacy", showActivity = "contacts" });
        await using var stranger = await Watcher.StartAsync(privacy.Server, _aliceId);
        await _bob.SubscribeAsync(_aliceId);
        var before = JsonDocument.Parse(await EntryAsync(stranger.Client)).RootElement;

        await _alice.SendAsync(new { type = "set_activity", activity = new { type = "viewing" }, expiresIn = 60_000 });

        var seen = await _bob.ExpectAsync("presence_update", u => u.Presence.TryGetProperty("activity", out _));
        Assert.Empty(await stranger.UpdatesOfAsync(_aliceId));
        var after = JsonDocument.Parse(await EntryAsync(stranger.Client)).RootElement;
        Assert.Equal(before.EnumerateObject().Select(p => p.Name), after.EnumerateObject().Select(p => p.Name));
        Assert.Equal(before.GetProperty("version").GetInt64(), after.GetProperty("version").GetInt64());
        await StatusAsync("busy");
        Assert.False((await stranger.ExpectAsync(_aliceId, "busy")).Presence.TryGetProperty("activity", out _));
        var later = await _bob.ExpectUpdateAsync(_aliceId, "busy");
        Assert.True(later.Version > seen.Version && later.Presence.TryGetProperty("activity", out _));
    }

    [Fact]
    public async Task LastSeen_ForNobody_IsNullAndTheStatusShows()
    {
        await SetPrivacyAsync(new { type = "set_privacy", showLastSeen = "nobody" });

        var entry = JsonDocument.Parse(await EntryAsync(_bob)).RootElement;

        Assert.Equal("online", entry.GetProperty("status").GetString());
        Assert.Equal(JsonValueKind.Null, entry.GetProperty("lastSeen").ValueKind);
        await _alice.LeaveAsync();
        await using var watcher = await Watcher.StartAsync(privacy.Server, _aliceId);
        entry = JsonDocument.Parse(await EntryAsync(_bob)).RootElement;
        Assert.Equal(("offline", JsonValueKind.Null), (entry.GetProperty("status").GetString(), entry.GetProperty("lastSeen").ValueKind));
    }

    [Fact]
    public async Task Invisible_WhoBlocks_IsNotNoticed()
    {
        await StatusAsync("invisible");
        await _bob.SubscribeAsync(_aliceId);
        await using var watcher = await Watcher.StartAsync(privacy.Server, _aliceId);
        var before = await EntryAsync(watcher.Client);

        await AskAsync("block", "blocked_updated", new { type = "block", userIds = new[] { _bobId } });
        await SetPrivacyAsync(new { type = "set_privacy", showActivity = "nobody" });

        Assert.Empty(await watcher.UpdatesOfAsync(_aliceId));
        Assert.Equal(before, await EntryAsync(watcher.Client));
        Assert.DoesNotContain(await _bob.FenceAsync(), message => message.Type == "presence_update");
    }

    [Fact]
    public async Task Invisible_WhoUnblocks_IsNotNoticedBeforeItIsSeen()
    {
        await AskAsync("block", "blocked_updated", new { type = "block", userIds = new[] { _bobId } });
        await StatusAsync("invisible");
        await _bob.SubscribeAsync(_aliceId);
        await using var watcher = await Watcher.StartAsync(privacy.Server);

        await AskAsync("unblock", "blocked_updated", new { type = "unblock", userIds = new[] { _bobId } });
        await watcher.PassMarkAsync();

        var answers = await _bob.AskAsync(new { type = "get_presence", userIds = new[] { _aliceId } });
        Assert.NotEqual(Nobody(_aliceId), Assert.Single(answers).Presences[0].GetRawText());
        await StatusAsync("online");
        await _bob.ExpectUpdateAsync(_aliceId, "online");
    }

    [Fact]
    public async Task Choices_AreKeptOverTheUsersAbsence()
    {
        await AskAsync("block", "blocked_updated", new { type = "block", userIds = new[] { _bobId } });
        await SetPrivacyAsync(new { type = "set_privacy", showLastSeen = "contacts" });
        await _alice.LeaveAsync();

        await using var again = await PresenceClient.SignInAsync(privacy.Server, _aliceId);

        await again.SendAsync(new { type = "get_privacy", id = 5 });
        Assert.Equal(
            """{"type":"privacy","privacy":{"showOnlineStatus":"everyone","showLastSeen":"contacts","showActivity":"everyone"},"id":5}""",
            (await again.ExpectAsync("privacy")).Text);
        Assert.Equal(Nobody(_aliceId), await EntryAsync(_bob));
    }

    [Theory]
    [InlineData("""{"type":"set_privacy","showOnlineStatus":"friends"}""", "invalid_request", "showOnlineStatus must be one of: everyone, contacts, nobody")]
    [InlineData("""{"type":"set_privacy","showActivity":1}""", "invalid_request", "showActivity must be one of: everyone, contacts, nobody")]
    [InlineData("""{"type":"block","userIds":"bob"}""", "invalid_request", "userIds must be an array")]
    [InlineData("""{"type":"set_contacts","userIds":["1","2","3","4","5","6"]}""", "limit_exceeded", "Privacy:MaxContacts is 5: nothing of this message was applied")]
    public async Task WhatIsWrong_IsToldAndChangesNothing(string json, string code, string message)
    {
        var error = Assert.Single(await _alice.AskAsync(json));

        Assert.Equal((code, message), (error.Code, error["message"]));
        await _alice.SendAsync(new { type = "add_contacts", userIds = Array.Empty<string>() });
        Assert.Equal("0", (await _alice.ExpectAsync("contacts_updated"))["count"]);
    }

    private static string Nobody(string userId) => $$"""{"userId":"{{userId}}","status":"offline","lastSeen":null,"version":0}""";

    private async Task StatusAsync(string status)
    {
        await _alice.SendAsync(new { type = "set_status", status });
        await _alice.ExpectAsync("status_updated");
    }

    private Task<JsonElement> SetPrivacyAsync(object message) => AskAsync("p", "privacy_updated", message);

    private async Task<JsonElement> AskAsync(string id, string reply, object message)
    {
        var fields = JsonSerializer.SerializeToNode(message)!;
        fields["id"] = id;
        await _alice.SendTextAsync(fields.ToJsonString());
        return (await _alice.ExpectAsync(reply, m => m.Id == id)).Json;
    }

    private async Task<string> EntryAsync(PresenceClient client)
    {
        await client.SendAsync(new { type = "get_presence", userIds = new[] { _aliceId } });
        return (await client.ExpectAsync("presence_list")).Presences[0].GetRawText();
    }
}
