using System.Text.RegularExpressions;

namespace Presence.Acceptance.Tests.Core;

/// <summary>Nobody can tell somebody invisible from somebody who left.</summary>
[Collection(CoreGroup.Name)]
public sealed partial class InvisibleTests(CoreServer core)
{
    private readonly string _alice = Names.New("alice");
    private readonly string _bobby = Names.New("bobby");

    [Fact]
    public async Task Invisible_ToOthers_LooksLikeSomebodyWhoLeft()
    {
        await using var watcher = await Watcher.StartAsync(core.Server, _alice, _bobby);
        await using var alice = await PresenceClient.SignInAsync(core.Server, _alice);
        var bobby = await PresenceClient.SignInAsync(core.Server, _bobby);

        await alice.SendAsync(new { type = "set_status", status = "invisible" });
        await bobby.LeaveAsync();
        await bobby.DisposeAsync();
        var hidden = await watcher.ExpectAsync(_alice, "offline");
        var left = (await watcher.UpdatesOfAsync(_bobby))[^1];

        Assert.Equal(Plain(left.Text), Plain(hidden.Text));
        await watcher.Client.SendAsync(new { type = "get_presence", userIds = new[] { _alice, _bobby } });
        var list = (await watcher.Client.ExpectAsync("presence_list")).Presences;
        Assert.Equal(Plain(list[1].GetRawText()), Plain(list[0].GetRawText()));
        Assert.Equal("offline", list[0].GetProperty("status").GetString());
    }

    [Fact]
    public async Task Invisible_WhateverTheUserDoes_OthersSeeNothing()
    {
        await using var alice = await PresenceClient.SignInAsync(core.Server, _alice, "tab");
        await alice.SendAsync(new { type = "set_status", status = "invisible" });
        await alice.ExpectAsync("status_updated");
        await using var watcher = await Watcher.StartAsync(core.Server, _alice);
        var before = await EntryAsync(watcher.Client);

        await alice.SendAsync(new { type = "set_status", status = "away" });
        await alice.SendAsync(new { type = "set_status", status = "idle" });
        await alice.SendAsync(new { type = "heartbeat", active = true });
        await using (var phone = await PresenceClient.SignInAsync(core.Server, _alice, "phone"))
        {
            await phone.SubscribeAsync(_alice);
            await phone.LeaveAsync();
        }

        Assert.Empty(await watcher.UpdatesOfAsync(_alice));
        Assert.Equal(before, await EntryAsync(watcher.Client));
        await alice.LeaveAsync();
        Assert.Empty(await watcher.UpdatesOfAsync(_alice));
        Assert.Equal(before, await EntryAsync(watcher.Client));
    }

    [Fact]
    public async Task Invisible_BeforeEverSeen_ConnectingShowsNothing()
    {
        await using (var alice = await PresenceClient.SignInAsync(core.Server, _alice))
        {
            await alice.SendAsync(new { type = "set_status", status = "invisible" });
            await alice.LeaveAsync();
        }

        await using var watcher = await Watcher.StartAsync(core.Server, _alice);
        var before = await EntryAsync(watcher.Client);
        await using var again = await PresenceClient.SignInAsync(core.Server, _alice);

        Assert.Empty(await watcher.UpdatesOfAsync(_alice));
        Assert.Equal(before, await EntryAsync(watcher.Client));
    }

    [Fact]
    public async Task Invisible_ToTheUserItself_IsInvisibleOnEveryDevice()
    {
        await using var tab = await PresenceClient.SignInAsync(core.Server, _alice, "tab");
        await using var phone = await PresenceClient.SignInAsync(core.Server, _alice, "phone");

        await tab.SendAsync(new { type = "set_status", status = "invisible" });

        await tab.ExpectUpdateAsync(_alice, "invisible");
        await phone.ExpectUpdateAsync(_alice, "invisible");
        await using var third = await PresenceClient.ConnectAsync(core.Server);
        Assert.Equal("invisible", (await third.AuthenticateAsync(_alice, "desktop")).Status);
    }

    [Fact]
    public async Task Invisible_ThenOnline_IsSeenAgainWithAHigherVersion()
    {
        await using var alice = await PresenceClient.SignInAsync(core.Server, _alice);
        await using var watcher = await Watcher.StartAsync(core.Server, _alice);

        await alice.SendAsync(new { type = "set_status", status = "invisible" });
        var hidden = await watcher.ExpectAsync(_alice, "offline");
        await alice.SendAsync(new { type = "set_status", status = "online" });
        var seen = await watcher.ExpectAsync(_alice, "online");

        Assert.Equal(hidden.Version + 1, seen.Version);
    }

    /// <summary>All but the name, the time and the version, which differ between any two users.</summary>
    private static string Plain(string json) => Own().Replace(json, "$1");

    [GeneratedRegex("""("userId":|"lastSeen":|"version":)("[^"]*"|[0-9]+)""")]
    private static partial Regex Own();

    private async Task<string> EntryAsync(PresenceClient client)
    {
        await client.SendAsync(new { type = "get_presence", userIds = new[] { _alice } });
        return (await client.ExpectAsync("presence_list")).Presences[0].GetRawText();
    }
}
