namespace Presence.Acceptance.Tests;

/// <summary>The harness itself, and the life of the process.</summary>
public class HarnessTests
{
    [Fact]
    public async Task Server_IsStopped_EndsWithZeroAndWithoutErrors()
    {
        await using var server = await PresenceServer.StartAsync();
        await using var watcher = await PresenceClient.SignInAsync(server, "watcher");
        await watcher.SubscribeAsync("alice");
        await using var alice = await PresenceClient.SignInAsync(server, "alice");
        await watcher.ExpectUpdateAsync("alice", "online");

        var exit = await server.StopAsync();

        Assert.Equal(0, exit.ExitCode);
        Assert.True(exit.Took < TimeSpan.FromSeconds(25), $"It took {exit.Took}.");
        Assert.Equal(1012, (await watcher.ExpectEndAsync()).CloseCode);
        Assert.Empty(server.Output.Errors);
    }

    [Fact]
    public async Task Server_IsPausedAndKilled_GoesOnAndEnds()
    {
        await using var server = await PresenceServer.StartAsync(("GracePeriod", "00:00:01"));
        await using var alice = await PresenceClient.SignInAsync(server, "alice");
        Assert.True(server.ResidentBytes > 1 << 20);

        server.Pause();
        await alice.SendAsync(new { type = "heartbeat", id = 1 });
        server.Resume();
        await alice.ExpectAsync("heartbeat_ack", m => m.Id == "1");
        var exit = await server.KillAsync();

        Assert.Equal(137, exit.ExitCode);
        Assert.True((await alice.ExpectEndAsync()).IsEnd);
    }
}
