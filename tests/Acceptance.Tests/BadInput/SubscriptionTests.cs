namespace Presence.Acceptance.Tests.BadInput;

/// <summary>Rows B88 to B91, B97 and B98: many ids, the same ids, and coming and going.</summary>
[Collection(nameof(HastyServer))]
public class SubscriptionTests(HastyServer fixture) : ServerTests(fixture)
{
    private const int MaxIds = 1000;
    private const int MaxSubscriptions = 5000;

    [Fact]
    public async Task B88_SameIdThrice_IsOneSubscription()
    {
        var user = NewUser();
        await using var watcher = await SignInAsync();

        Assert.Single((await watcher.SubscribeAsync(user, user, user)).Presences);
        Assert.Single((await watcher.SubscribeAsync(user)).Presences);
        await using var client = await SignInAsync(user);
        await watcher.ExpectUpdateAsync(user, "online");
        await client.SendAsync(new { type = "set_status", status = "busy" });

        Assert.Equal("busy", (await watcher.ExpectAsync("presence_update")).Status);
        await watcher.SendAsync(new { type = "unsubscribe", userIds = new[] { user } });
        await watcher.FenceAsync();
        await client.SendAsync(new { type = "set_status", status = "dnd" });
        await client.ExpectUpdateAsync(user, "dnd");
        Assert.Empty(await watcher.FenceAsync());
    }

    [Theory]
    [InlineData("get_presence")]
    [InlineData("subscribe")]
    [InlineData("unsubscribe")]
    public async Task B89_TooManyIds_NothingIsApplied(string type)
    {
        var user = NewUser();
        await using var client = await SignInAsync();
        var ids = Enumerable.Range(0, MaxIds).Select(i => $"{user}-{i}").Prepend(user).ToArray();

        var error = Outcome.Error(await client.AskAsync(new { type, userIds = ids }), "limit_exceeded");

        Assert.Contains("MaxIdsPerMessage is 1000", error["message"], StringComparison.Ordinal);
        await using var other = await SignInAsync(user);
        Assert.Empty(await client.FenceAsync());
        Assert.DoesNotContain("error", Assert.Single(await client.AskAsync(new { type, userIds = ids[1..], id = 1 })).Type, StringComparison.Ordinal);
    }

    [Fact]
    public async Task B90_TooManySubscriptions_OlderOnesAreKept()
    {
        var user = NewUser();
        await using var client = await SignInAsync();
        var ids = Enumerable.Range(0, MaxSubscriptions - 1).Select(i => $"{user}-{i}").Prepend(user).ToArray();
        foreach (var chunk in ids.Chunk(MaxIds))
        {
            Assert.Equal(MaxIds, (await client.SubscribeAsync(chunk)).Presences.Count);
        }

        var error = Outcome.Error(await client.AskAsync(new { type = "subscribe", userIds = new[] { ids[0], "one-more" } }), "limit_exceeded");

        Assert.Contains("MaxSubscriptionsPerConnection is 5000", error["message"], StringComparison.Ordinal);
        Assert.Single((await client.SubscribeAsync(ids[^1])).Presences);
        await using var other = await SignInAsync(user);
        await client.ExpectUpdateAsync(user, "online");
    }

    [Fact]
    public async Task B91_SubscribedToOneself_HearsEachChangeOnce()
    {
        var user = NewUser();
        await using var client = await SignInAsync(user);
        await client.SubscribeAsync(user);

        await client.SendAsync(new { type = "set_status", status = "busy" });
        var busy = await client.ExpectUpdateAsync(user, "busy");
        await client.SendAsync(new { type = "set_status", status = "dnd" });

        Assert.Equal(busy.Version + 1, (await client.ExpectAsync("presence_update")).Version);
        Assert.True(busy.Presence.TryGetProperty("devices", out _), busy.Text);
    }

    [Fact]
    public async Task B97_Flapping_TheLastWins()
    {
        var user = NewUser();
        await using var client = await SignInAsync();
        var subscribe = WireFrame.MakeText($$"""{"type":"subscribe","userIds":["{{user}}"]}""");
        var unsubscribe = WireFrame.MakeText($$"""{"type":"unsubscribe","userIds":["{{user}}"]}""");

        await client.Socket.SendAsync(Enumerable.Repeat(subscribe.Concat(unsubscribe), 1000).SelectMany(f => f).ToArray());
        Assert.Equal(1000, (await client.FenceAsync()).Count);
        await using var other = await SignInAsync(user);
        Assert.Empty(await client.FenceAsync());
        await client.Socket.SendAsync(Enumerable.Repeat(unsubscribe.Concat(subscribe), 1000).SelectMany(f => f).ToArray());
        Assert.Equal(1000, (await client.FenceAsync()).Count);
        await other.SendAsync(new { type = "set_status", status = "busy" });

        await client.ExpectUpdateAsync(user, "busy");
    }

    [Fact]
    public async Task B98_AfterUnsubscribe_NoUpdateComes()
    {
        var user = NewUser();
        await using var other = await SignInAsync(user);
        await using var stays = await SignInAsync();
        await stays.SubscribeAsync(user);
        await using var client = await SignInAsync();
        await client.SubscribeAsync(user);

        await client.SendAsync(new { type = "unsubscribe", userIds = new[] { user } });
        Assert.Empty(await client.FenceAsync());
        await other.SendAsync(new { type = "set_status", status = "busy" });
        await stays.ExpectUpdateAsync(user, "busy");

        Assert.Empty(await client.FenceAsync());
    }
}
