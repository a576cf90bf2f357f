using System.Globalization;
using System.Text.Json;

namespace Presence.Acceptance.Tests.Self;

/// <summary>Custom status, activity and metadata: who sees them, and when they end.</summary>
[Collection(SelfGroup.Name)]
public sealed class SaidTests(SelfServer self)
{
    private readonly string _alice = Names.New("alice");

    [Fact]
    public async Task CustomStatus_IsShownToAllAndEndsAtTheSecondItSays()
    {
        await using var alice = await PresenceClient.SignInAsync(self.Server, _alice);
        await using var watcher = await Watcher.StartAsync(self.Server, _alice);
        var end = DateTimeOffset.UtcNow.AddSeconds(1.5);

        await alice.SendAsync(new { type = "set_custom_status", id = 1, text = "<b>Lunch</b>", emoji = "🍕", expiresAt = end });

        Assert.Equal("1", (await alice.ExpectAsync("custom_status_updated")).Id);
        var shown = await ExpectAsync(watcher, p => p.TryGetProperty("customStatus", out _));
        Assert.Equal("<b>Lunch</b>", shown.GetProperty("customStatus").GetProperty("text").GetString());
        Assert.Equal("🍕", shown.GetProperty("customStatus").GetProperty("emoji").GetString());
        Assert.Equal(Text(end), shown.GetProperty("customStatus").GetProperty("expiresAt").GetString());

        await ExpectAsync(watcher, p => !p.TryGetProperty("customStatus", out _));
        Assert.InRange(DateTimeOffset.UtcNow, end, end.AddSeconds(1));
    }

    [Fact]
    public async Task CustomStatus_EmptyText_Clears()
    {
        await using var alice = await PresenceClient.SignInAsync(self.Server, _alice);
        await using var watcher = await Watcher.StartAsync(self.Server, _alice);
        await alice.SendAsync(new { type = "set_custom_status", text = "Here" });
        await ExpectAsync(watcher, p => p.TryGetProperty("customStatus", out _));

        await alice.SendAsync(new { type = "set_custom_status", text = "" });

        await ExpectAsync(watcher, p => !p.TryGetProperty("customStatus", out _));
    }

    [Fact]
    public async Task CustomStatusAndMetadata_OverADisconnect_ComeBackAndTheActivityDoesNot()
    {
        await using (var alice = await PresenceClient.SignInAsync(self.Server, _alice))
        {
            await alice.SendAsync(new { type = "set_custom_status", text = "Here" });
            await alice.SendAsync(new { type = "set_metadata", metadata = new { team = "blue" } });
            await alice.SendAsync(new { type = "set_activity", activity = new { type = "viewing" }, expiresIn = (int?)null });
            await alice.ExpectAsync("activity_updated");
            await alice.LeaveAsync();
        }

        await using var watcher = await Watcher.StartAsync(self.Server, _alice);
        await watcher.Client.SendAsync(new { type = "get_presence", userIds = new[] { _alice } });
        var offline = (await watcher.Client.ExpectAsync("presence_list")).Presences[0];
        Assert.Equal(["userId", "status", "lastSeen", "version"], offline.EnumerateObject().Select(p => p.Name));

        await using var again = await PresenceClient.SignInAsync(self.Server, _alice);
        var back = await ExpectAsync(watcher, p => p.GetProperty("status").GetString() == "online");

        Assert.Equal("Here", back.GetProperty("customStatus").GetProperty("text").GetString());
        Assert.Equal("""{"team":"blue"}""", back.GetProperty("metadata").GetRawText());
        Assert.False(back.TryGetProperty("activity", out _));
    }

    [Fact]
    public async Task Activity_WithoutATime_EndsAfterActivityExpiry()
    {
        await using var alice = await PresenceClient.SignInAsync(self.Server, _alice);
        await using var watcher = await Watcher.StartAsync(self.Server, _alice);
        var began = DateTimeOffset.UtcNow;

        await alice.SendTextAsync("""{"type":"set_activity","activity": { "type":"typing", "in": ["a", 1.50, "é<"] }}""");

        var shown = await ExpectAsync(watcher, p => p.TryGetProperty("activity", out _));
        Assert.Equal("é<", shown.GetProperty("activity").GetProperty("in")[2].GetString());
        Assert.DoesNotContain("<", shown.GetRawText(), StringComparison.Ordinal);
        await ExpectAsync(watcher, p => !p.TryGetProperty("activity", out _));
        Assert.InRange(DateTimeOffset.UtcNow - began, TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(1.5));
    }

    [Fact]
    public async Task Activity_OfALostDevice_EndsWithTheDeviceAndNotBefore()
    {
        await using var phone = await PresenceClient.SignInAsync(self.Server, _alice, "phone");
        await using var tab = await PresenceClient.SignInAsync(self.Server, _alice, "tab");
        await using var watcher = await Watcher.StartAsync(self.Server, _alice);
        await tab.SendAsync(new { type = "set_activity", activity = new { type = "viewing" }, expiresIn = (int?)null });
        await ExpectAsync(watcher, p => p.TryGetProperty("activity", out _));
        var lost = DateTimeOffset.UtcNow;

        await tab.DisposeAsync();

        var ended = await ExpectAsync(watcher, p => !p.TryGetProperty("activity", out _));
        Assert.Equal("online", ended.GetProperty("status").GetString());
        Assert.InRange(DateTimeOffset.UtcNow - lost, TimeSpan.FromMilliseconds(900), TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Metadata_WithAuthenticate_IsShownAtOnce()
    {
        await using var watcher = await Watcher.StartAsync(self.Server, _alice);
        await using var alice = await PresenceClient.ConnectAsync(self.Server);

        await alice.SendAsync(new { type = "authenticate", userId = _alice, token = "t", metadata = new { role = "host" } });

        var welcome = await alice.ExpectAsync("authenticated");
        Assert.Equal("""{"role":"host"}""", welcome.Presence.GetProperty("metadata").GetRawText());
        var shown = await ExpectAsync(watcher, p => p.GetProperty("status").GetString() == "online");
        Assert.Equal("""{"role":"host"}""", shown.GetProperty("metadata").GetRawText());
    }

    [Fact]
    public async Task WhatIsSaid_WhileInvisible_IsToldToNobodyElse()
    {
        await using var alice = await PresenceClient.SignInAsync(self.Server, _alice);
        await using var tab = await PresenceClient.SignInAsync(self.Server, _alice);
        await alice.SendAsync(new { type = "set_status", status = "invisible" });
        await alice.ExpectAsync("status_updated");
        await using var watcher = await Watcher.StartAsync(self.Server, _alice);

        await alice.SendAsync(new { type = "set_custom_status", text = "Hidden" });
        await alice.SendAsync(new { type = "set_activity", activity = new { type = "viewing" } });
        await alice.ExpectAsync("activity_updated");

        Assert.Empty(await watcher.UpdatesOfAsync(_alice));
        await tab.ExpectAsync("presence_update", u => u.Presence.TryGetProperty("activity", out _));
    }

    [Fact]
    public async Task List_OfUsersWhoSayMoreThanTheSendQueueHolds_IsAnswered()
    {
        var ids = Names.Many("big", 300);
        foreach (var id in ids)
        {
            await using var client = await PresenceClient.SignInAsync(self.Server, id);
            await client.SendAsync(new { type = "set_metadata", metadata = new { text = new string('x', 4000) } });
            await client.ExpectAsync("metadata_updated");
        }

        await using var clients = await PresenceClient.SignInAsync(self.Server, _alice);
        var list = await clients.SubscribeAsync(ids);

        Assert.Equal(300, list.Presences.Count);
    }

    private static async Task<JsonElement> ExpectAsync(Watcher watcher, Func<JsonElement, bool> isIt)
    {
        var update = await watcher.Client.ExpectAsync("presence_update", u => isIt(u.Presence));
        return update.Presence;
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
