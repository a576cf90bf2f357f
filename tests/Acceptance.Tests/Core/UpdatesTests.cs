namespace Presence.Acceptance.Tests.Core;

[Collection(CoreGroup.Name)]
public sealed class UpdatesTests(CoreServer core)
{
    private readonly string _alice = Names.New("alice");
    private readonly string _bob = Names.New("bob");

    [Fact]
    public async Task SetStatus_EverySubscriberAndEveryOwnConnection_IsTold()
    {
        await using var tab = await PresenceClient.SignInAsync(core.Server, _alice, "tab");
        await using var phone = await PresenceClient.SignInAsync(core.Server, _alice, "phone");
        await using var first = await Watcher.StartAsync(core.Server, _alice);
        await using var second = await Watcher.StartAsync(core.Server, _alice);

        await tab.SendAsync(new { type = "set_status", status = "busy" });

        foreach (var client in new[] { first.Client, second.Client })
        {
            var update = await client.ExpectUpdateAsync(_alice, "busy");
            Assert.Equal(["type", "presence"], update.Json.EnumerateObject().Select(field => field.Name));
            Assert.Equal(["userId", "status", "lastSeen", "version"], update.Presence.EnumerateObject().Select(field => field.Name));
        }

        foreach (var client in new[] { tab, phone })
        {
            var update = await client.ExpectUpdateAsync(_alice, "busy");
            Assert.Equal(2, update.Presence.GetProperty("connectionCount").GetInt32());
        }
    }

    [Fact]
    public async Task SetStatus_TheSameAgain_IsAnsweredAndNotTold()
    {
        await using var alice = await PresenceClient.SignInAsync(core.Server, _alice);
        await using var watcher = await Watcher.StartAsync(core.Server, _alice);

        for (var i = 0; i < 3; i++)
        {
            await alice.SendAsync(new { type = "set_status", status = "dnd" });
            await alice.ExpectAsync("status_updated");
        }

        Assert.Single(await watcher.UpdatesOfAsync(_alice));
    }

    [Fact]
    public async Task Versions_OfManyChanges_EachIsOneAboveTheLast()
    {
        await using var alice = await PresenceClient.SignInAsync(core.Server, _alice);
        await using var watcher = await Watcher.StartAsync(core.Server, _alice);
        string[] statuses = ["busy", "dnd", "online", "idle", "away", "online"];

        foreach (var status in statuses)
        {
            await alice.SendAsync(new { type = "set_status", status });
            await alice.ExpectAsync("status_updated");
        }

        var updates = await watcher.UpdatesOfAsync(_alice);
        Assert.Equal(statuses, updates.Select(update => update.Status));
        Assert.All(updates.Zip(updates.Skip(1)), pair => Assert.Equal(pair.First.Version + 1, pair.Second.Version));
    }

    [Fact]
    public async Task Subscribe_SameUserTwiceInOneMessageAndAgain_OneUpdateAChange()
    {
        await using var alice = await PresenceClient.SignInAsync(core.Server, _alice);
        await using var watcher = await Watcher.StartAsync(core.Server, _alice, _alice);
        await watcher.Client.SubscribeAsync(_alice, _alice);

        await alice.SendAsync(new { type = "set_status", status = "busy" });
        await alice.ExpectAsync("status_updated");

        Assert.Single(await watcher.UpdatesOfAsync(_alice));
    }

    [Fact]
    public async Task Subscribe_ToOneself_EachChangeComesOnceAndUnsubscribingDoesNotEndIt()
    {
        await using var alice = await PresenceClient.SignInAsync(core.Server, _alice);
        await alice.SubscribeAsync(_alice);

        foreach (var status in new[] { "busy", "dnd" })
        {
            await alice.SendAsync(new { type = "set_status", status });
            await alice.ExpectUpdateAsync(_alice, status);
            await alice.SendAsync(new { type = "unsubscribe", userIds = new[] { _alice } });
        }

        await alice.SendAsync(new { type = "set_status", status = "online" });
        var update = await alice.ExpectAsync("presence_update");
        Assert.Equal("online", update.Status);
        Assert.Equal(1, update.Presence.GetProperty("connectionCount").GetInt32());
    }

    [Fact]
    public async Task Unsubscribe_NothingIsToldAfterwards()
    {
        await using var alice = await PresenceClient.SignInAsync(core.Server, _alice);
        await using var watcher = await Watcher.StartAsync(core.Server, _alice);

        await watcher.Client.AskAsync(new { type = "unsubscribe", userIds = new[] { _alice } });
        await alice.SendAsync(new { type = "set_status", status = "busy" });
        await alice.ExpectAsync("status_updated");

        Assert.Empty(await watcher.UpdatesOfAsync(_alice));
    }

    [Fact]
    public async Task Subscribe_WithKnownVersions_OnlyWhatDiffersIsListed()
    {
        await using var alice = await PresenceClient.SignInAsync(core.Server, _alice);
        await using var bob = await PresenceClient.SignInAsync(core.Server, _bob);
        await using var client = await PresenceClient.SignInAsync(core.Server, Names.New("watcher"));
        var list = (await client.SubscribeAsync(_alice, _bob, "nobody")).Presences;
        var known = list.ToDictionary(entry => entry.GetProperty("userId").GetString()!, entry => entry.GetProperty("version").GetInt64());

        await client.SendAsync(new { type = "subscribe", userIds = known.Keys, known });
        Assert.Empty((await client.ExpectAsync("presence_list")).Presences);

        known[_alice]--;
        await client.SendAsync(new { type = "subscribe", userIds = known.Keys, known });
        Assert.Equal([_alice], (await client.ExpectAsync("presence_list")).Presences.Select(entry => entry.GetProperty("userId").GetString()));

        await bob.SendAsync(new { type = "set_status", status = "busy" });
        await client.ExpectUpdateAsync(_bob, "busy");
    }

    [Fact]
    public async Task Updates_WithoutTheFeature_AreNeverBatched()
    {
        await using var watcher = await Watcher.StartAsync(core.Server, _alice);
        await using var alice = await PresenceClient.SignInAsync(core.Server, _alice);
        for (var i = 0; i < 40; i++)
        {
            await alice.SendAsync(new { type = "set_status", status = i % 2 == 0 ? "busy" : "dnd" });
        }

        for (var i = 0; i < 40; i++)
        {
            await alice.ExpectAsync("status_updated");
        }

        Assert.Equal(41, (await watcher.UpdatesOfAsync(_alice)).Count);
        Assert.DoesNotContain(watcher.Client.Log, line => line.Contains("presence_batch", StringComparison.Ordinal));
    }
}
