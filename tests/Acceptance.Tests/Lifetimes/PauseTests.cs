using System.Diagnostics;

namespace Presence.Acceptance.Tests.Lifetimes;

/// <summary>The process stands still for longer than its lease: a frozen virtual machine, a laptop that slept.</summary>
public sealed class PauseTests
{
    /// <summary>Longer than lease and grace together.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Pause_LongerThanTheLease_NobodyWhoIsConnectedIsEverOffline()
    {
        await using var server = await PresenceServer.StartAsync(
            ("LeaseDuration", "3600ms"), ("LeaseRenewal", "1200ms"), ("GracePeriod", "1s"), ("UpdateWindow", "0s"));
        var users = Names.Many("alice", 20);
        var (late, ghost) = (Names.New("late"), Names.New("ghost"));
        await using var watcher = await Watcher.StartAsync(server, [.. users, late, ghost]);
        var clients = await Task.WhenAll(users.Select(user => PresenceClient.SignInAsync(server, user)));
        await clients[0].AskAsync(new { type = "set_status", status = "idle" });

        var signingIn = await PauseAsync(server, late);
        await using var lateClient = await signingIn;
        await LeaseWouldBeOverAsync(server, watcher, ghost, users);
        await watcher.PassMarkAsync();
        Assert.DoesNotContain(watcher.Updates, update => update.Status == "offline" && update.UserId != ghost);
        Assert.Equal("online", watcher.Updates.Last(update => update.UserId == late).Status);
        Assert.All(clients, client => Assert.True(client.IsOpen));

        foreach (var client in clients)
        {
            await client.SendAsync(new { type = "set_status", status = "dnd" });
            await client.ExpectAsync("status_updated");
            await client.DisposeAsync();
        }

        await watcher.PassMarkAsync();
        Assert.Equal(users.Length, watcher.Updates.Count(update => update.Status == "dnd"));
        Assert.Empty(server.Output.Errors);
    }

    /// <returns>Somebody who signs in while the process stands still: answered when it runs again.</returns>
    private static async Task<Task<PresenceClient>> PauseAsync(PresenceServer server, string userId)
    {
        var client = await PresenceClient.ConnectAsync(server);
        server.Pause();
        var signingIn = SignInAsync();

        // Not to wait for anything: the length of the pause is what is tested.
        using var pause = new PeriodicTimer(Pause);
        await pause.WaitForNextTickAsync();
        server.Resume();
        return signingIn;

        async Task<PresenceClient> SignInAsync()
        {
            await client.AuthenticateAsync(userId);
            return client;
        }
    }

    /// <summary>
    /// Were the pause taken for the silence of the gateway, its life would end within a second, and its users would be lost a grace period later.
    /// Users who are lost one after another, the last of them after that, show that this time has passed.
    /// </summary>
    private static async Task LeaseWouldBeOverAsync(PresenceServer server, Watcher watcher, string ghost, string[] users)
    {
        var since = Stopwatch.StartNew();
        while (since.Elapsed < TimeSpan.FromSeconds(4))
        {
            var client = await PresenceClient.SignInAsync(server, ghost);
            client.Socket.Abort();
            await client.DisposeAsync();
            await watcher.ExpectAsync(ghost, "offline");
            await watcher.Client.SendAsync(new { type = "get_presence", userIds = users });
            var list = (await watcher.Client.ExpectAsync("presence_list")).Presences;
            Assert.DoesNotContain(list, entry => entry.GetProperty("status").GetString() == "offline");
        }
    }
}
