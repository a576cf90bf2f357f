using System.Diagnostics;
using System.Text.Json;

namespace Presence.Acceptance.Tests.Lifetimes;

/// <summary>The process ends, abruptly or as asked, and starts again with the same file.</summary>
public sealed class RestartTests : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Delivery = TimeSpan.FromSeconds(3);

    private readonly DataFile _file = new();
    private readonly string _idle = Names.New("idle");
    private readonly string _dnd = Names.New("dnd");
    private readonly string _hidden = Names.New("hidden");
    private readonly string _left = Names.New("left");
    private readonly string _gone = Names.New("gone");
    private readonly string _graced = Names.New("graced");
    private readonly int _port = Ports.Free();

    private string[] Users => [_idle, _dnd, _hidden, _left, _gone, _graced];

    public void Dispose() => _file.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Restart_WhoReturnsWasNeverOfflineAndWhoDoesNotIsNoGhost(bool isKilled)
    {
        var before = await LiveAndEndAsync(isKilled);
        await using (var server = await StartAsync())
        {
            var ready = Stopwatch.StartNew();
            await using var watcher = await Watcher.StartAsync(server, Users);
            CheckSnapshot(await ListAsync(watcher.Client), before, "idle dnd offline offline online online".Split(' '));

            await using var idle = await ReturnAsync(server, _idle, "idle");
            await using var dnd = await ReturnAsync(server, _dnd, "dnd");
            await using var hidden = await ReturnAsync(server, _hidden, "invisible");
            Assert.True(ready.Elapsed < Grace, "The machine is too slow for this grace period.");

            var gone = await watcher.ExpectAsync(_gone, "offline");
            Assert.InRange(ready.Elapsed, Grace - TimeSpan.FromSeconds(1.5), Grace + Delivery);
            Assert.InRange(
                gone.Presence.GetProperty("lastSeen").GetDateTimeOffset(), before.EndedAt.AddSeconds(isKilled ? -10 : -1), before.EndedAt.AddSeconds(1));
            if (watcher.Updates.Count < 2)
            {
                await watcher.ExpectAsync(_graced, "offline");
            }

            await CheckUpdatesAsync(watcher, before);
            await server.KillAsync();
        }

        await CheckNoGhostAsync();
    }

    private async Task CheckUpdatesAsync(Watcher watcher, Before before)
    {
        await watcher.PassMarkAsync();
        Assert.Equal([_gone, _graced], watcher.Updates.Select(update => update.UserId).Distinct().Order());
        Assert.Equal(2, watcher.Updates.Count);
        Assert.All(watcher.Updates, update => Assert.True(update.Version > before.Versions[update.UserId]));
    }

    /// <summary>Another start: who was offline is, from the first moment on; who was here has its grace again, and no more.</summary>
    private async Task CheckNoGhostAsync()
    {
        await using var server = await StartAsync();
        await using var watcher = await Watcher.StartAsync(server, Users);
        var list = await ListAsync(watcher.Client);
        Assert.Equal("idle dnd offline offline offline offline".Split(' '), list.Select(entry => entry.GetProperty("status").GetString()));

        await watcher.ExpectAsync(_idle, "offline");
        if (watcher.Updates.Count < 2)
        {
            await watcher.ExpectAsync(_dnd, "offline");
        }

        await watcher.PassMarkAsync();
        Assert.Equal([_dnd, _idle], watcher.Updates.Select(update => update.UserId).Order());
        Assert.All(await ListAsync(watcher.Client), entry => Assert.Equal("offline", entry.GetProperty("status").GetString()));
        Assert.Empty(server.Output.Errors);
    }

    private async Task<Before> LiveAndEndAsync(bool isKilled)
    {
        await using var server = await StartAsync();
        await using var watcher = await Watcher.StartAsync(server, Users);
        var clients = new Dictionary<string, PresenceClient>();
        foreach (var user in Users)
        {
            clients[user] = await PresenceClient.SignInAsync(server, user, "tab");
        }

        await SetAsync(clients[_idle], "idle");
        await SetAsync(clients[_hidden], "invisible");
        await clients[_left].LeaveAsync();
        await watcher.ExpectAsync(_left, "offline");
        clients[_graced].Socket.Abort();
        for (var i = 0; i < 25; i++)
        {
            await SetAsync(clients[_dnd], i % 2 == 0 ? "dnd" : "busy");
        }

        var versions = (await ListAsync(watcher.Client)).ToDictionary(
            entry => entry.GetProperty("userId").GetString()!, entry => entry.GetProperty("version").GetInt64());
        var endedAt = DateTimeOffset.UtcNow;
        var exit = isKilled ? await server.KillAsync() : await server.StopAsync();
        Assert.Equal(isKilled ? 137 : 0, exit.ExitCode);
        foreach (var client in clients.Values)
        {
            await client.DisposeAsync();
        }

        return new(versions, endedAt);
    }

    private void CheckSnapshot(IReadOnlyList<JsonElement> list, Before before, string[] statuses)
    {
        Assert.Equal(statuses, list.Select(entry => entry.GetProperty("status").GetString()));
        Assert.All(list, entry => Assert.True(
            entry.GetProperty("version").GetInt64() >= before.Versions[entry.GetProperty("userId").GetString()!], entry.GetRawText()));
        Assert.Equal(Users, list.Select(entry => entry.GetProperty("userId").GetString()));
    }

    private static async Task<PresenceClient> ReturnAsync(PresenceServer server, string user, string status)
    {
        var client = await PresenceClient.ConnectAsync(server);
        var reply = await client.AuthenticateAsync(user, "tab");
        Assert.Equal((status, 1), (reply.Status, reply.Presence.GetProperty("connectionCount").GetInt32()));
        return client;
    }

    private static async Task SetAsync(PresenceClient client, string status)
    {
        await client.SendAsync(new { type = "set_status", status });
        await client.ExpectAsync("status_updated");
    }

    private Task<PresenceServer> StartAsync() => PresenceServer.StartAtAsync(
        _port, ("DataFile", _file.Path), ("GracePeriod", "4s"), ("UpdateWindow", "0s"), ("LastSeenStep", "1ms"), ("MaxStatusChangesPer10s", "1000"));

    private async Task<IReadOnlyList<JsonElement>> ListAsync(PresenceClient client)
    {
        await client.SendAsync(new { type = "get_presence", userIds = Users });
        return (await client.ExpectAsync("presence_list")).Presences;
    }

    private sealed record Before(Dictionary<string, long> Versions, DateTimeOffset EndedAt);
}
