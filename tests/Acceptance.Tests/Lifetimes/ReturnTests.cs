namespace Presence.Acceptance.Tests.Lifetimes;

/// <summary>Whoever is back within the grace period was never gone.</summary>
[Collection(LifetimesGroup.Name)]
public sealed class ReturnTests(LifetimesServer lifetimes)
{
    private readonly string _alice = Names.New("alice");
    private readonly string _ghost = Names.New("ghost");

    [Theory]
    [InlineData("close 1001")]
    [InlineData("end")]
    [InlineData("reset")]
    public async Task Return_WithinGraceWithTheSameDevice_NobodySeesAnything(string end)
    {
        await using var watcher = await Watcher.StartAsync(lifetimes.Server, _alice, _ghost);
        var old = await PresenceClient.SignInAsync(lifetimes.Server, _alice, "tab");
        await old.AskAsync(new { type = "set_status", status = "idle" });
        var before = (await watcher.UpdatesOfAsync(_alice)).Count;

        await EndAsync(old, end);
        await using var back = await PresenceClient.ConnectAsync(lifetimes.Server);
        var reply = await back.AuthenticateAsync(_alice, "tab");

        Assert.Equal(("idle", 1), (reply.Status, reply.Presence.GetProperty("connectionCount").GetInt32()));
        await GraceHasPassedAsync(watcher);
        Assert.Equal(before, (await watcher.UpdatesOfAsync(_alice)).Count);
        Assert.Empty(await back.FenceAsync());
    }

    [Fact]
    public async Task Return_WithAnotherDevice_NobodySeesAnything()
    {
        await using var watcher = await Watcher.StartAsync(lifetimes.Server, _alice, _ghost);
        await EndAsync(await PresenceClient.SignInAsync(lifetimes.Server, _alice), "reset");

        await using var back = await PresenceClient.SignInAsync(lifetimes.Server, _alice);

        await GraceHasPassedAsync(watcher);
        Assert.Single(await watcher.UpdatesOfAsync(_alice));
    }

    [Fact]
    public async Task Return_AgainAndAgain_NobodySeesAnything()
    {
        await using var watcher = await Watcher.StartAsync(lifetimes.Server, _alice, _ghost);
        for (var i = 0; i < 20; i++)
        {
            await EndAsync(await PresenceClient.SignInAsync(lifetimes.Server, _alice, "tab"), i % 2 == 0 ? "reset" : "close 1001");
        }

        await using var back = await PresenceClient.SignInAsync(lifetimes.Server, _alice, "tab");

        await GraceHasPassedAsync(watcher);
        Assert.Single(await watcher.UpdatesOfAsync(_alice));
    }

    /// <summary>F5: the old socket is half-open; the server notices long after the client came back.</summary>
    [Fact]
    public async Task Return_WhileTheOldSocketIsOpen_ItsLaterDeathChangesNothing()
    {
        await using var watcher = await Watcher.StartAsync(lifetimes.Server, _alice, _ghost);
        await using var old = await SilentClient.SignInAsync(lifetimes.Server, _alice, "tab");

        await using var back = await PresenceClient.SignInAsync(lifetimes.Server, _alice, "tab");
        Assert.Equal(4509, (await old.ReadUntilAsync(frame => frame.Opcode == Op.Close)).CloseCode);
        old.Socket.Abort();

        await GraceHasPassedAsync(watcher);
        Assert.Single(await watcher.UpdatesOfAsync(_alice));
        Assert.True(back.IsOpen);
    }

    [Theory]
    [InlineData("close 1000")]
    [InlineData("close 1001")]
    [InlineData("reset")]
    public async Task TwoTabs_OneIsClosed_OnlyTheUserItselfSees(string end)
    {
        await using var watcher = await Watcher.StartAsync(lifetimes.Server, _alice, _ghost);
        await using var stays = await PresenceClient.SignInAsync(lifetimes.Server, _alice, "stays");
        var goes = await PresenceClient.SignInAsync(lifetimes.Server, _alice, "goes");
        await stays.ExpectAsync("presence_update", update => Count(update) == 2);

        await EndAsync(goes, end);

        var update = await stays.ExpectAsync("presence_update", update => Count(update) == 1);
        Assert.Equal("online", update.Status);
        Assert.Single(await watcher.UpdatesOfAsync(_alice));
    }

    [Fact]
    public async Task TwoTabs_BothAreClosed_OfflineComesWithTheLast()
    {
        await using var watcher = await Watcher.StartAsync(lifetimes.Server, _alice);
        var first = await PresenceClient.SignInAsync(lifetimes.Server, _alice, "first");
        var second = await PresenceClient.SignInAsync(lifetimes.Server, _alice, "second");

        await EndAsync(first, "close 1000");
        Assert.Equal(["online"], (await watcher.UpdatesOfAsync(_alice)).Select(update => update.Status));
        await EndAsync(second, "close 1000");

        await watcher.ExpectAsync(_alice, "offline");
    }

    private static int Count(Received update) => update.Presence.GetProperty("connectionCount").GetInt32();

    private static async Task EndAsync(PresenceClient client, string end)
    {
        switch (end)
        {
            case "close 1000":
                await client.LeaveAsync();
                break;
            case "close 1001":
                await client.LeaveAsync(1001);
                break;
            case "end":
                client.Socket.EndSending();
                await client.ExpectEndAsync();
                break;
            case "reset":
                client.Socket.Abort();
                break;
        }

        await client.DisposeAsync();
    }

    /// <summary>Somebody who was lost later than all others, and does not come back, is shown offline: so would be the others by now.</summary>
    private async Task GraceHasPassedAsync(Watcher watcher)
    {
        await EndAsync(await PresenceClient.SignInAsync(lifetimes.Server, _ghost), "close 1001");
        await watcher.ExpectAsync(_ghost, "offline");
    }
}
