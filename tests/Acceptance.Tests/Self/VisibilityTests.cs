namespace Presence.Acceptance.Tests.Self;

/// <summary>A device that its person does not look at.</summary>
[Collection(SelfGroup.Name)]
public sealed class VisibilityTests(SelfServer self)
{
    private readonly string _alice = Names.New("alice");

    [Fact]
    public async Task Hidden_AfterTheDelayAwayAndOnlineAgainWhenShown()
    {
        await using var alice = await PresenceClient.SignInAsync(self.Server, _alice);
        await using var watcher = await Watcher.StartAsync(self.Server, _alice);
        var began = DateTimeOffset.UtcNow;

        Assert.Equal(["ok"], (await alice.AskAsync(new { type = "set_visibility", hidden = true, id = "h" })).Select(m => m.Type));

        await watcher.ExpectAsync(_alice, "away");
        Assert.InRange(DateTimeOffset.UtcNow - began, TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(2));
        Assert.DoesNotContain(
            await alice.AskAsync(new { type = "set_visibility", hidden = false }), m => m.Type is not "presence_update");
        await watcher.ExpectAsync(_alice, "online");
    }

    [Fact]
    public async Task HiddenAndShownWithinTheDelay_IsSeenByNobody()
    {
        await using var alice = await PresenceClient.SignInAsync(self.Server, _alice);
        await using var watcher = await Watcher.StartAsync(self.Server, _alice);
        await using var other = await PresenceClient.SignInAsync(self.Server, Names.New("other"));

        await alice.AskAsync(new { type = "set_visibility", hidden = true });
        await alice.AskAsync(new { type = "set_visibility", hidden = false });
        await other.AskAsync(new { type = "set_visibility", hidden = true });
        await other.ExpectAsync("presence_update", update => update.Status == "away");

        Assert.Empty(await watcher.UpdatesOfAsync(_alice));
    }

    [Fact]
    public async Task Hidden_WhoIsAwayByChoice_StaysAwayWhenShown()
    {
        await using var alice = await PresenceClient.SignInAsync(self.Server, _alice);
        await alice.AskAsync(new { type = "set_visibility", hidden = true });
        await alice.ExpectUpdateAsync(_alice, "away");
        await alice.AskAsync(new { type = "set_status", status = "away" });

        await alice.AskAsync(new { type = "set_visibility", hidden = false });

        await alice.SendAsync(new { type = "get_presence", userIds = new[] { _alice } });
        Assert.Equal("away", (await alice.ExpectAsync("presence_list")).Presences[0].GetProperty("status").GetString());
    }

    [Fact]
    public async Task Hidden_OverAReturnWithinGrace_IsAwayUntilShown()
    {
        await using var watcher = await Watcher.StartAsync(self.Server, _alice);
        await using (var alice = await PresenceClient.SignInAsync(self.Server, _alice, "tab"))
        {
            await alice.AskAsync(new { type = "set_visibility", hidden = true });
            await alice.ExpectUpdateAsync(_alice, "away");
        }

        await using var back = await PresenceClient.SignInAsync(self.Server, _alice, "tab");
        await back.AskAsync(new { type = "set_visibility", hidden = false });

        Assert.Equal(["online", "away", "online"], (await watcher.UpdatesOfAsync(_alice)).Select(update => update.Status));
    }
}
