using Presence.Client.Tests.Harness;

namespace Presence.Client.Tests;

/// <summary>Against the real standalone program.</summary>
public class ServerTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task Watch_SomebodyComesChangesAndLeaves_EachChangeIsAnEvent()
    {
        await using var server = await StandaloneServer.StartAsync();
        await using var bob = await Watcher.StartAsync(Watcher.Options(server.Port, "bob"));
        await bob.Client.WatchAsync(["ada"]);
        var ada = await Watcher.StartAsync(Watcher.Options(server.Port, "ada"));
        await bob.ShowsAsync("ada", PresenceStatus.Online);
        foreach (var status in new[] { PresenceStatus.Idle, PresenceStatus.Busy, PresenceStatus.Dnd, PresenceStatus.Online })
        {
            Assert.Equal(status, await ada.Client.SetStatusAsync(status));
            await bob.ShowsAsync("ada", status);
        }

        await ada.Client.SetStatusAsync(PresenceStatus.Invisible);
        await ada.ShowsAsync("ada", PresenceStatus.Invisible);
        await bob.ShowsAsync("ada", PresenceStatus.Offline);
        await ada.DisposeAsync();

        await bob.TellsAsync("ada", "Offline Online Idle Busy Dnd Online Offline");
        Assert.Null(await ada.Client.Completion);
        Assert.Equal(["ada", "nobody"], (await bob.Client.QueryAsync(["ada", "nobody"])).Select(presence => presence.UserId));
    }

    [Fact]
    public async Task Stop_IsLeavingOnPurpose_GoneAtOnceAndNotAfterGrace()
    {
        await using var server = await StandaloneServer.StartAsync();
        await using var bob = await Watcher.StartAsync(Watcher.Options(server.Port, "bob"));
        await using var ada = await Watcher.StartAsync(Watcher.Options(server.Port, "ada"));
        await bob.Client.WatchAsync(["ada"]);

        await ada.Client.StopAsync();

        await Wait.UntilAsync("ada is gone", () => bob.Client.Find("ada")!.Status == PresenceStatus.Offline, TimeSpan.FromSeconds(5));
        await Assert.ThrowsAsync<InvalidOperationException>(() => ada.Client.StartAsync());
    }

    [Fact]
    public async Task Room_TakenOutByABackEnd_IsEmptyUntilTheNextJoin()
    {
        await using var server = await StandaloneServer.StartAsync();
        await using var ada = await Watcher.StartAsync(Watcher.Options(server.Port, "ada"));
        await ada.Client.JoinAsync("lobby");
        using var backEnd = new HttpClient { DefaultRequestHeaders = { Authorization = new("Bearer", "back-end") } };

        using var answer = await backEnd.DeleteAsync(new Uri($"http://127.0.0.1:{server.Port}/v1/rooms/lobby/members/ada"));

        Assert.Equal(204, (int)answer.StatusCode);
        await Wait.UntilAsync("ada is out", () => ada.Client.FindRoom("lobby") is { IsMember: false, Members.Count: 0 });
        await ada.Client.JoinAsync("lobby");
        await Wait.UntilAsync("ada is in", () => ada.Client.FindRoom("lobby") is { IsMember: true, Members.Count: 1 });
    }

    [Fact]
    public async Task Line_CutWithinGrace_IsSeenByNobodyAndMissesNothing()
    {
        await using var server = await StandaloneServer.StartAsync(("GracePeriod", "10s"));
        await using var line = new Line(server.Port);
        await using var bob = await Watcher.StartAsync(Watcher.Options(server.Port, "bob"));
        await using var ada = await Watcher.StartAsync(Watcher.Options(line.Port, "ada"));
        await bob.Client.WatchAsync(["ada"]);
        await ada.Client.WatchAsync(["bob"]);

        line.Cut();
        await ada.WasAsync(PresenceConnectionState.Reconnecting);
        await bob.Client.SetStatusAsync(PresenceStatus.Busy);
        line.Mend();
        await ada.ShowsAsync("bob", PresenceStatus.Busy);

        await ada.TellsAsync("bob", "Online Online? Busy");
        await bob.TellsAsync("ada", "Online");
    }

    [Fact]
    public async Task Line_StaysCut_GoneAfterGrace()
    {
        await using var server = await StandaloneServer.StartAsync(("GracePeriod", "3s"));
        var line = new Line(server.Port);
        await using var bob = await Watcher.StartAsync(Watcher.Options(server.Port, "bob"));
        await using var ada = await Watcher.StartAsync(Watcher.Options(line.Port, "ada"));
        await bob.Client.WatchAsync(["ada"]);

        var cut = DateTimeOffset.UtcNow;
        await line.DisposeAsync();
        await bob.ShowsAsync("ada", PresenceStatus.Offline);

        Assert.InRange(DateTimeOffset.UtcNow - cut, Grace - TimeSpan.FromSeconds(0.5), Grace + TimeSpan.FromSeconds(5));
        Assert.Equal(PresenceConnectionState.Reconnecting, ada.Client.State);
    }

    [Fact]
    public async Task Device_SignsInASecondTime_TheFirstStopsForGood()
    {
        await using var server = await StandaloneServer.StartAsync();
        var options = Watcher.Options(server.Port, "ada");
        await using var first = await Watcher.StartAsync(options);
        await using var second = await Watcher.StartAsync(options);

        var reason = await first.Client.Completion.WaitAsync(Wait.Deadline);

        Assert.Equal(4509, reason!.CloseCode);
        Assert.False(reason.IsRetryable);
        Assert.Equal(PresenceConnectionState.Disconnected, first.Client.State);
        Assert.Equal(PresenceConnectionState.Connected, second.Client.State);
    }

    [Theory]
    [InlineData(false, 1006)]
    [InlineData(true, 1012)]
    public async Task Server_EndsAndStartsAgain_EverybodyIsBackAndNobodyWasOffline(bool isDrained, int closeCode)
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("presence-").FullName, "presence.db");

        // A busy machine takes its time to start a server, and the client waits longer after each attempt.
        (string, string)[] settings = [("DataFile", file), ("GracePeriod", "60s")];
        await using var server = await StandaloneServer.StartAsync(settings);
        await using var bob = await Watcher.StartAsync(Watcher.Options(server.Port, "bob"));
        await using var ada = await Watcher.StartAsync(Watcher.Options(server.Port, "ada"));
        await ada.Client.SetStatusAsync(PresenceStatus.Dnd);
        await bob.Client.WatchAsync(["ada"]);

        await (isDrained ? server.StopAsync() : server.KillAsync());
        await bob.WasAsync(PresenceConnectionState.Reconnecting);
        await using var restarted = await StandaloneServer.StartAtAsync(server.Port, settings);
        await ada.IsAsync(PresenceConnectionState.Connected, TimeSpan.FromSeconds(40));
        await bob.IsAsync(PresenceConnectionState.Connected, TimeSpan.FromSeconds(40));
        await bob.ShowsAsync("ada", PresenceStatus.Dnd);

        await bob.TellsAsync("ada", "Dnd Dnd? Dnd");
        Assert.Contains(new ConnectionChanged(PresenceConnectionState.Reconnecting, closeCode), bob.Events);
    }

    [Fact]
    public async Task Start_NoServer_ThrowsAndMayBeTriedAgain()
    {
        var port = StandaloneServer.FreePort();
        await using var ada = Watcher.On(Watcher.Options(port, "ada"));
        await Assert.ThrowsAsync<System.Net.WebSockets.WebSocketException>(() => ada.Client.StartAsync());
        Assert.Equal(PresenceConnectionState.Disconnected, ada.Client.State);

        await using var server = await StandaloneServer.StartAtAsync(port);
        await ada.Client.StartAsync();

        Assert.Equal(PresenceStatus.Online, ada.Client.Me!.Status);
    }
}
