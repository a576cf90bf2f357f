namespace Presence.Acceptance.Tests.Core;

/// <summary>One user's connections among themselves. At most three are allowed here.</summary>
[Collection(CoreGroup.Name)]
public sealed class DevicesTests(CoreServer core)
{
    private const int Max = 3;

    private readonly string _alice = Names.New("alice");

    [Fact]
    public async Task SameDevice_OldSocketStillOpen_IsClosedAndNothingShows()
    {
        await using var watcher = await Watcher.StartAsync(core.Server, _alice);
        await using var old = await PresenceClient.SignInAsync(core.Server, _alice, "tab");
        await old.SendAsync(new { type = "set_status", status = "idle" });
        await watcher.ExpectAsync(_alice, "idle");
        var before = watcher.Updates.Count;

        await using var current = await PresenceClient.ConnectAsync(core.Server);
        var reply = await current.AuthenticateAsync(_alice, "tab");

        Assert.Equal(4509, (await old.ExpectEndAsync()).CloseCode);
        Assert.Equal(("idle", 1), (reply.Status, reply.Presence.GetProperty("connectionCount").GetInt32()));
        Assert.Equal(before, (await watcher.UpdatesOfAsync(_alice)).Count);
    }

    [Fact]
    public async Task TooManyConnections_TheNewOneIsRefusedAndTheOldOnesStay()
    {
        var clients = await SignInAsync(Max);
        await using var watcher = await Watcher.StartAsync(core.Server, _alice);

        await using var extra = await PresenceClient.ConnectAsync(core.Server);
        await extra.SendAsync(new { type = "authenticate", userId = _alice, token = "t", id = 1 });
        var error = await extra.ExpectAsync("error");

        Assert.Equal(("limit_exceeded", "1", "False"), (error.Code, error.Id, error["retryable"]));
        Assert.Equal(4510, (await extra.ExpectEndAsync()).CloseCode);
        foreach (var client in clients)
        {
            Assert.All(await client.FenceAsync(), message => Assert.Equal("presence_update", message.Type));
            await client.DisposeAsync();
        }
    }

    [Fact]
    public async Task TooManyConnections_SameDeviceAgain_IsNoNewOne()
    {
        var clients = await SignInAsync(Max);

        await using var again = await PresenceClient.SignInAsync(core.Server, _alice, "device0");

        Assert.Equal(4509, (await clients[0].ExpectEndAsync()).CloseCode);
        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }
    }

    /// <summary>A network that comes back: all tabs return at once, and none of them remembers the name it was given.</summary>
    [Fact]
    public async Task TooManyConnections_AllWereLost_AllComeBackAtOnceUnderNewNames()
    {
        for (var round = 0; round < 5; round++)
        {
            var user = Names.New("alice");
            foreach (var client in await SignInAsync(Max, user))
            {
                client.Socket.Abort();
                await client.DisposeAsync();
            }

            await NoticedAsync();
            var back = await Task.WhenAll(Enumerable.Range(0, Max).Select(i => PresenceClient.SignInAsync(core.Server, user, $"new{i}")));
            await back[0].SendAsync(new { type = "get_presence", userIds = new[] { user } });
            var own = (await back[0].ExpectAsync("presence_list")).Presences[0];

            Assert.Equal(Max, own.GetProperty("connectionCount").GetInt32());
            Assert.All(own.GetProperty("devices").EnumerateArray(), d => Assert.StartsWith("new", d.GetProperty("id").GetString(), StringComparison.Ordinal));
            foreach (var client in back)
            {
                await client.DisposeAsync();
            }
        }
    }

    private async Task<PresenceClient[]> SignInAsync(int count, string? user = null)
    {
        var clients = new PresenceClient[count];
        for (var i = 0; i < count; i++)
        {
            clients[i] = await PresenceClient.SignInAsync(core.Server, user ?? _alice, $"device{i}");
        }

        return clients;
    }

    /// <summary>Lost sockets are noticed in the order they were lost: when this one's user can be seen to be gone, so are the others.</summary>
    private async Task NoticedAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var patience = new CancellationTokenSource(RawSocket.Deadline);
        while (await timer.WaitForNextTickAsync(patience.Token))
        {
            var metrics = await core.Server.MetricsAsync();
            var line = metrics.Split('\n').First(l => l.StartsWith("presence_gateway_connections{", StringComparison.Ordinal)
                || l.StartsWith("presence_gateway_connections ", StringComparison.Ordinal));
            if (line.Split(' ')[1] == "0")
            {
                return;
            }
        }
    }
}
