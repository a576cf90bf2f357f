using System.Diagnostics;

namespace Presence.Acceptance.Tests.Core;

/// <summary>What a window does to many changes, with the limits of a server nobody has configured but for its length.</summary>
public sealed class WindowTests : IAsyncLifetime
{
    private const int WindowMs = 1_000;

    private readonly string _alice = Names.New("alice");
    private PresenceServer _server = null!;

    public async Task InitializeAsync() => _server = await PresenceServer.StartAsync(("UpdateWindow", $"{WindowMs}ms"));

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Changes_InOneWindow_TheFirstComesAtOnceAndTheLastAtItsEnd()
    {
        await using var watcher = await PresenceClient.SignInAsync(_server, Names.New("watcher"));
        await using var alice = await PresenceClient.SignInAsync(_server, _alice);
        await watcher.SubscribeAsync(_alice);
        string[] statuses = ["busy", "dnd", "away", "busy", "dnd", "online", "idle", "busy"];

        var began = Stopwatch.GetTimestamp();
        foreach (var status in statuses)
        {
            await alice.SendAsync(new { type = "set_status", status });
        }

        var first = await watcher.ExpectAsync("presence_update");
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalMilliseconds, 0, WindowMs * 0.9);
        var second = await watcher.ExpectAsync("presence_update");

        Assert.Equal(("busy", "busy"), (first.Status, second.Status));
        Assert.InRange((second.At - first.At).TotalMilliseconds, WindowMs * 0.9, WindowMs * 2);
        Assert.True(second.Version - first.Version > 1, watcher.Story());
        Assert.Empty(await watcher.FenceAsync());
    }

    /// <summary>A snapshot is no update: no window has begun with it.</summary>
    [Fact]
    public async Task FirstChange_RightAfterTheSnapshot_ComesAtOnce()
    {
        await using var watcher = await PresenceClient.SignInAsync(_server, Names.New("watcher"));
        await watcher.SubscribeAsync(_alice);

        await using var alice = await PresenceClient.SignInAsync(_server, _alice);
        var began = Stopwatch.GetTimestamp();
        await watcher.ExpectUpdateAsync(_alice, "online");
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalMilliseconds, 0, WindowMs * 0.5);

        began = Stopwatch.GetTimestamp();
        await alice.SendAsync(new { type = "set_status", status = "busy" });
        await alice.ExpectUpdateAsync(_alice, "busy");
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalMilliseconds, 0, WindowMs * 0.5);
    }

    [Fact]
    public async Task StatusChanges_MoreThanTenInTenSeconds_AreRefusedWithTheTimeToWait()
    {
        await using var alice = await PresenceClient.SignInAsync(_server, _alice);
        for (var i = 0; i < 10; i++)
        {
            await alice.SendAsync(new { type = "set_status", status = i % 2 == 0 ? "busy" : "dnd" });
            await alice.ExpectAsync("status_updated");
        }

        await alice.SendAsync(new { type = "set_status", status = "online", id = 1 });
        var error = await alice.ExpectAsync("error");

        Assert.Equal(("rate_limited", "True", "1"), (error.Code, error["retryable"], error.Id));
        Assert.InRange(error.Json.GetProperty("retryAfter").GetInt32(), 1, 1_000);
    }

    [Fact]
    public async Task BatchFeature_SeveralUsersDueInOneWindow_ComeInOneMessageWithNothingLost()
    {
        await using var watcher = await PresenceClient.ConnectAsync(_server);
        await watcher.AuthenticateAsync(Names.New("watcher"), null, "t", "batch", "unknown");
        var users = Names.Many("user", 40);
        var clients = await Task.WhenAll(users.Select(user => PresenceClient.SignInAsync(_server, user)));
        await watcher.SubscribeAsync(users);

        await Task.WhenAll(clients.Select(client => client.SendAsync(new { type = "set_status", status = "busy" })));
        await Task.WhenAll(clients.Select(client => client.ExpectAsync("status_updated")));
        await Task.WhenAll(clients.Select(client => client.SendAsync(new { type = "set_status", status = "dnd" })));

        var shown = new Dictionary<string, string>();
        var batches = 0;
        while (users.Any(user => shown.GetValueOrDefault(user) != "dnd"))
        {
            var message = await watcher.NextAsync();
            batches += message.Type == "presence_batch" ? 1 : 0;
            foreach (var entry in message.Type == "presence_batch" ? message.Presences : [message.Presence])
            {
                Assert.Equal(["userId", "status", "lastSeen", "version"], entry.EnumerateObject().Select(field => field.Name));
                shown[entry.GetProperty("userId").GetString()!] = entry.GetProperty("status").GetString()!;
            }
        }

        Assert.True(batches > 0, watcher.Story());
        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }
    }
}
