using System.Diagnostics;

namespace Presence.Acceptance.Tests.Core;

[Collection(CoreGroup.Name)]
public sealed class StatusTests(CoreServer core)
{
    private readonly string _alice = Names.New("alice");

    [Fact]
    public async Task Devices_TheBestOneIsShown()
    {
        await using var tab = await PresenceClient.SignInAsync(core.Server, _alice, "tab");
        await using var phone = await PresenceClient.SignInAsync(core.Server, _alice, "phone");
        await using var watcher = await Watcher.StartAsync(core.Server, _alice);

        await SetAsync(tab, "away");
        await SetAsync(phone, "away");
        await SetAsync(phone, "idle");
        await SetAsync(phone, "away");
        await SetAsync(tab, "online");

        Assert.Equal(["away", "idle", "away", "online"], Statuses(await watcher.UpdatesOfAsync(_alice)));
    }

    [Fact]
    public async Task Override_HidesWhatDevicesSay_UntilOnlineClearsIt()
    {
        await using var tab = await PresenceClient.SignInAsync(core.Server, _alice, "tab");
        await using var phone = await PresenceClient.SignInAsync(core.Server, _alice, "phone");
        await using var watcher = await Watcher.StartAsync(core.Server, _alice);

        await SetAsync(tab, "dnd");
        Assert.Equal("dnd", (await SetAsync(phone, "idle"))["shown"]);
        Assert.Equal("dnd", (await SetAsync(tab, "away"))["shown"]);
        Assert.Equal("online", (await SetAsync(phone, "online"))["shown"]);

        Assert.Equal(["dnd", "online"], Statuses(await watcher.UpdatesOfAsync(_alice)));
    }

    [Fact]
    public async Task AwayWithScopeUser_CountsForAllDevices()
    {
        await using var tab = await PresenceClient.SignInAsync(core.Server, _alice, "tab");
        await using var phone = await PresenceClient.SignInAsync(core.Server, _alice, "phone");

        await tab.SendAsync(new { type = "set_status", status = "away", scope = "device" });
        Assert.Equal("online", (await tab.ExpectAsync("status_updated"))["shown"]);
        await tab.SendAsync(new { type = "set_status", status = "away", scope = "user" });
        Assert.Equal("away", (await tab.ExpectAsync("status_updated"))["shown"]);
        await phone.AskAsync(new { type = "heartbeat", active = true });

        await phone.SendAsync(new { type = "get_presence", userIds = new[] { _alice } });
        Assert.Equal("away", (await phone.ExpectAsync("presence_list")).Presences[0].GetProperty("status").GetString());
    }

    [Fact]
    public async Task Override_LastsOverADisconnect()
    {
        await using (var first = await PresenceClient.SignInAsync(core.Server, _alice, "tab"))
        {
            await SetAsync(first, "busy");
            await first.LeaveAsync();
        }

        await using var watcher = await Watcher.StartAsync(core.Server, _alice);
        await using var second = await PresenceClient.SignInAsync(core.Server, _alice, "phone");

        await watcher.ExpectAsync(_alice, "busy");
        Assert.Equal(["busy"], Statuses(await watcher.UpdatesOfAsync(_alice)));
    }

    [Fact]
    public async Task ExpiresAt_TheOverrideLapsesAtItsTime()
    {
        await using var alice = await PresenceClient.SignInAsync(core.Server, _alice);
        await using var watcher = await Watcher.StartAsync(core.Server, _alice);
        await SetAsync(alice, "idle");
        var expiresAt = DateTimeOffset.UtcNow.AddSeconds(2);

        await alice.SendAsync(new { type = "set_status", status = "dnd", expiresAt });
        await watcher.ExpectAsync(_alice, "dnd");
        await watcher.ExpectAsync(_alice, "idle");

        Assert.InRange(DateTimeOffset.UtcNow, expiresAt, expiresAt.AddSeconds(1));
    }

    [Fact]
    public async Task ExpiresAt_ANewOverrideBeforeIt_IsNotEndedByTheOldTime()
    {
        var other = Names.New("other");
        await using var alice = await PresenceClient.SignInAsync(core.Server, _alice);
        await using var bob = await PresenceClient.SignInAsync(core.Server, other);
        await using var watcher = await Watcher.StartAsync(core.Server, _alice, other);
        var expiresAt = DateTimeOffset.UtcNow.AddSeconds(1);

        await alice.SendAsync(new { type = "set_status", status = "dnd", expiresAt });
        await SetAsync(alice, "busy");
        await bob.SendAsync(new { type = "set_status", status = "dnd", expiresAt = expiresAt.AddMilliseconds(300) });
        await watcher.ExpectAsync(other, "dnd");
        await watcher.ExpectAsync(other, "online");

        Assert.Equal(["dnd", "busy"], Statuses(await watcher.UpdatesOfAsync(_alice)));
    }

    [Fact]
    public async Task Heartbeat_Active_BringsBackAnIdleDeviceOnly()
    {
        await using var alice = await PresenceClient.SignInAsync(core.Server, _alice);
        await using var watcher = await Watcher.StartAsync(core.Server, _alice);

        await SetAsync(alice, "idle");
        await alice.AskAsync(new { type = "heartbeat", active = false });
        await alice.AskAsync(new { type = "heartbeat" });
        Assert.Equal(["idle"], Statuses(await watcher.UpdatesOfAsync(_alice)));
        await alice.AskAsync(new { type = "heartbeat", active = true });
        Assert.Equal(["idle", "online"], Statuses(await watcher.UpdatesOfAsync(_alice)));
        await SetAsync(alice, "away");
        await alice.AskAsync(new { type = "heartbeat", active = true });

        Assert.Equal(["idle", "online", "away"], Statuses(await watcher.UpdatesOfAsync(_alice)));
    }

    [Fact]
    public async Task LastSeen_WhileConnectedFollowsTheHeartbeats_AndThenStandsStill()
    {
        await using var asker = await PresenceClient.SignInAsync(core.Server, Names.New("asker"));
        await using var watcher = await Watcher.StartAsync(core.Server, _alice);
        var alice = await PresenceClient.SignInAsync(core.Server, _alice);
        var early = await LastSeenAsync(asker);

        DateTimeOffset beat;
        do
        {
            beat = await BeatAsync(alice);
        }
        while (beat < early!.Value.AddMilliseconds(300));
        var late = await LastSeenAsync(asker);
        Assert.InRange(late!.Value, beat.AddMilliseconds(-5), DateTimeOffset.UtcNow);

        var last = await BeatAsync(alice);
        alice.Socket.Abort();
        await watcher.ExpectAsync(_alice, "offline");
        await alice.DisposeAsync();
        var frozen = await LastSeenAsync(asker);
        Assert.InRange(frozen!.Value, last.AddMilliseconds(-5), last.AddMilliseconds(500));
        var later = Stopwatch.StartNew();
        do
        {
            Assert.Equal(frozen, await LastSeenAsync(asker));
        }
        while (later.ElapsedMilliseconds < 300);
    }

    private static async Task<DateTimeOffset> BeatAsync(PresenceClient client)
    {
        await client.SendAsync(new { type = "heartbeat" });
        return (await client.ExpectAsync("heartbeat_ack")).Json.GetProperty("timestamp").GetDateTimeOffset();
    }

    private static async Task<Received> SetAsync(PresenceClient client, string status)
    {
        await client.SendAsync(new { type = "set_status", status });
        return await client.ExpectAsync("status_updated");
    }

    private static IEnumerable<string> Statuses(IEnumerable<Received> updates) => updates.Select(update => update.Status);

    private async Task<DateTimeOffset?> LastSeenAsync(PresenceClient asker)
    {
        await asker.SendAsync(new { type = "get_presence", userIds = new[] { _alice } });
        var lastSeen = (await asker.ExpectAsync("presence_list")).Presences[0].GetProperty("lastSeen");
        return lastSeen.ValueKind == System.Text.Json.JsonValueKind.Null ? null : lastSeen.GetDateTimeOffset();
    }
}
