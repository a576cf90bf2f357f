namespace Presence.Faults;

/// <summary>What users cost the silos and Redis. Each count is held against what the same cluster does without them.</summary>
[Collection(Alone)]
public sealed class CountingTests : IAsyncLifetime
{
    private const string Alone = "alone";
    private const int Users = 2_000;
    private const int Beats = 5;

    // Lease, table of members, probes and polls of queues keep their pace, whatever users do, but not to the command.
    private const int Slack = 200;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly string[] Writes = ["eval", "evalsha", "sadd", "srem", "del"];

    private Cluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await Cluster.StartAsync(new()
    {
        Silos = 2,
        Gateways = 1,
        Settings = [("MaxStatusChangesPer10s", "1000"), ("MaxConnections", "10000"), ("GracePeriod", "1s")],
    });

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact(Timeout = Times.Limit)]
    public async Task Users_ComeBeatChangeAndGo_CostWhatIsPromised()
    {
        var background = await CountAsync(Wait);
        Assert.True(background is { Redis: > 0, Writes: > 0, Messages: > 0 }, $"Not everything is counted: {background}.");
        using var users = await ComeAsync(background);
        await IdleAsync(users, background);
        await ChangeAsync(users, background);
        await GoAsync(users, background);
    }

    /// <summary>Two writes for each who comes: the session list and the state.</summary>
    private async Task<ManySockets> ComeAsync(Cost background)
    {
        ManySockets users = null!;
        var cost = await CountAsync(() => Task.Run(() => users = ManySockets.SignIn(_cluster.Gateways[0].Port, Users)));
        AssertAtMost(2 * Users, cost.Writes, cost, background.Writes);
        return users;
    }

    /// <summary>A heartbeat is no message to a grain and no command of Redis, and no user is looked at from time to time.</summary>
    private async Task IdleAsync(ManySockets users, Cost background)
    {
        var cost = await CountAsync(async () =>
        {
            var waiting = Wait();
            await Task.Run(() =>
            {
                for (var i = 0; i < Beats; i++)
                {
                    users.Beat();
                }
            });
            await waiting;
        });
        AssertAtMost(0, cost.Redis, cost, background.Redis);
        AssertAtMost(0, cost.Messages, cost, background.Messages);
    }

    private async Task ChangeAsync(ManySockets users, Cost background)
    {
        var cost = await CountAsync(() => Task.Run(() => users.Ask("""{"type":"set_status","status":"busy"}""", "\"status_updated\"")));
        AssertAtMost(Users, cost.Writes, cost, background.Writes);
        Assert.True(cost.Writes >= Users, $"Not every change was stored: {cost}.");
    }

    /// <summary>Two writes for each who is gone, as for those who come.</summary>
    private async Task GoAsync(ManySockets users, Cost background)
    {
        var cost = await CountAsync(async () =>
        {
            users.Dispose();
            await Until.TrueAsync(async () => await _cluster.Redis.AskAsync("KEYS", "*/sessions/*") == "", Patience, () => "Not everybody is gone.");
        });
        AssertAtMost(2 * Users, cost.Writes, cost, background.Writes);
    }

    /// <summary>Fails when users cost more than they may.</summary>
    /// <param name="most">That users may cost.</param>
    /// <param name="counted">Of what was counted in <paramref name="cost"/>.</param>
    /// <param name="cost">Everything that was counted, and in what time.</param>
    /// <param name="background">The same count without users, in a window.</param>
    private static void AssertAtMost(double most, double counted, Cost cost, double background)
    {
        var allowed = most + (background * Math.Max(1, cost.Took / Window)) + Slack;
        Assert.True(counted <= allowed, $"{counted} counted, {allowed} allowed: {cost}; {background} without users.");
    }

    private async Task<Cost> CountAsync(Func<Task> act)
    {
        var (began, before) = (DateTime.UtcNow, await ReadAsync());
        await act();
        var after = await ReadAsync();
        return new(after.Redis - before.Redis, after.Writes - before.Writes, after.Messages - before.Messages, DateTime.UtcNow - began);
    }

    private async Task<Cost> ReadAsync()
    {
        var calls = await _cluster.Redis.CallsAsync();
        var messages = await Task.WhenAll(_cluster.Silos.Select(silo => silo.MetricAsync("orleans_gateway_received_total")));
        return new(calls.Values.Sum(), calls.Where(call => Writes.Contains(call.Key)).Sum(call => call.Value), messages.Sum(), TimeSpan.Zero);
    }

    private static async Task Wait()
    {
        using var timer = new PeriodicTimer(Window);
        await timer.WaitForNextTickAsync();
    }

    /// <summary>What is tried again since the machine is busy would count as well.</summary>
    [CollectionDefinition(Alone, DisableParallelization = true)]
    public sealed class Group;

    /// <summary>What was done in a time.</summary>
    /// <param name="Redis">All commands.</param>
    /// <param name="Writes">Those that write for users, with those of leases and members among them.</param>
    /// <param name="Messages">From gateways to grains.</param>
    /// <param name="Took">The time.</param>
    private sealed record Cost(double Redis, double Writes, double Messages, TimeSpan Took);
}
