using System.Diagnostics;

namespace Presence.Acceptance.Tests.Lifetimes;

/// <summary>F8: the process is asked to end while many are connected.</summary>
public sealed class DrainTests : IDisposable
{
    private const int Sockets = 300;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(3);

    private readonly DataFile _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task Terminate_EverybodyIsSentAwayInTurnAndNobodyFlickers()
    {
        var port = Ports.Free();
        var users = Names.Many("alice", Sockets);
        await using (var server = await StartAsync(port))
        {
            await using var unnamed = await PresenceClient.ConnectAsync(server);
            var clients = await Task.WhenAll(users.Select(user => PresenceClient.SignInAsync(server, user, "tab")));
            var stopping = server.StopAsync();
            await CheckRefusalsAsync(server);

            var ends = await Task.WhenAll(clients.Select(EndedAsync));
            CheckSpread(ends);
            Assert.Equal(1012, (await unnamed.ExpectEndAsync()).CloseCode);
            var exit = await stopping;
            Assert.Equal(0, exit.ExitCode);
            Assert.True(exit.Took < TimeSpan.FromSeconds(25), $"It took {exit.Took}.");
            Assert.Empty(server.Output.Errors);
            await Task.WhenAll(clients.Select(client => client.DisposeAsync().AsTask()));
        }

        await CheckNoFlickerAsync(port, users);
    }

    private static async Task CheckRefusalsAsync(PresenceServer server)
    {
        while (await server.ProbeAsync() == 200)
        {
        }

        Assert.Equal(503, await server.ProbeAsync());
        Assert.Equal(200, await server.ProbeAsync("/health/live"));
        var refusal = await RawSocket.RequestAsync(server.Port, new Upgrade().ToBytes());
        Assert.Equal(503, refusal.Status);
        Assert.NotNull(refusal.Header("Retry-After"));
    }

    private static async Task<(long At, int After)> EndedAsync(PresenceClient client)
    {
        var hint = await client.ExpectAsync("reconnect", deadline: TimeSpan.FromSeconds(20));
        var close = await client.ExpectEndAsync();
        Assert.Equal(1012, close.CloseCode);
        Assert.Equal("end of the bytes", client.Log[^1][(client.Log[^1].IndexOf(' ', StringComparison.Ordinal) + 1)..]);
        return (Stopwatch.GetTimestamp(), hint.Json.GetProperty("after").GetInt32());
    }

    private static void CheckSpread((long At, int After)[] ends)
    {
        var times = ends.Select(end => Stopwatch.GetElapsedTime(ends.Min(e => e.At), end.At).TotalSeconds).Order().ToArray();
        Assert.InRange(times[^1], Window.TotalSeconds * 0.7, Window.TotalSeconds + 3);
        Assert.InRange(times[Sockets / 2], Window.TotalSeconds * 0.25, (Window.TotalSeconds * 0.75) + 1);
        Assert.All(ends, end => Assert.InRange(end.After, 0, 10_000));
        Assert.True(ends.Select(end => end.After).Distinct().Count() > Sockets / 2, "The hints are not spread.");
    }

    private async Task CheckNoFlickerAsync(int port, string[] users)
    {
        await using var server = await StartAsync(port);
        await using var watcher = await Watcher.StartAsync(server, users);
        var clients = await Task.WhenAll(users[1..].Select(user => PresenceClient.SignInAsync(server, user, "tab")));

        var first = await watcher.Client.ExpectAsync("presence_update", update => update.Status == "offline", TimeSpan.FromSeconds(20));
        await watcher.PassMarkAsync();

        Assert.Equal(users[0], first.UserId);
        Assert.Empty(watcher.Updates);
        await Task.WhenAll(clients.Select(client => client.DisposeAsync().AsTask()));
    }

    private Task<PresenceServer> StartAsync(int port) => PresenceServer.StartAtAsync(
        port, ("DataFile", _file.Path), ("DrainWindow", $"{Window.TotalSeconds}s"), ("GracePeriod", "5s"), ("UpdateWindow", "0s"));
}
