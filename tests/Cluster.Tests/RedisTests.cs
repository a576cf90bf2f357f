using System.Globalization;

namespace Presence.Faults;

/// <summary>Redis that goes, hangs, forgets or is replaced.</summary>
public sealed class RedisTests(SharedCluster shared) : FaultTests(shared)
{
    private const long MostGrowth = 50 << 20;

    private static readonly TimeSpan Away = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Hanging = TimeSpan.FromSeconds(10);

    // One write a second is tried, and waits a second for its answer.
    private static readonly TimeSpan ConfirmedWithoutStore = TimeSpan.FromSeconds(1) + Times.Delivery;

    private RedisProcess Redis => Cluster.Redis;

    /// <summary>F16, and that the writes caught up: what was chosen meanwhile outlives all silos five seconds later.</summary>
    [Fact(Timeout = Times.Limit)]
    public async Task Restarted_ShowsNothingAndWritesCatchUp()
    {
        await ToggleAsync();
        var since = Now;
        await Redis.KillAsync();
        await GoOnAsync(Away);
        Crowd.StopToggling();
        await Crowd.SettleAsync(ConfirmedWithoutStore);
        await Redis.LaunchAsync();
        await GoOnAsync(Times.Convergence);
        var history = await VerdictAsync(Times.Convergence);
        AssertNobodyOffline(history, since);
        Service.AssertConfirmed(history, since, ConfirmedWithoutStore);
        AssertAlive();

        await Task.WhenAll(Cluster.Silos.Select(silo => silo.KillAsync()));
        await Task.WhenAll(Cluster.Silos.Select(silo => silo.LaunchAsync()));
        history = await VerdictAsync(Times.Start);
        AssertNobodyOffline(history, since);
    }

    /// <summary>F17: it hangs, then it is gone, then it is back.</summary>
    [Fact(Timeout = Times.Limit)]
    public async Task Unavailable_ConnectedUsersGoOn()
    {
        await ToggleAsync();
        var memory = Cluster.Programs.Select(program => program.ResidentBytes).ToList();
        var since = Now;
        Redis.Pause();
        await GoOnAsync(Hanging);
        await Redis.KillAsync();
        await GoOnAsync(Away);
        await Redis.LaunchAsync();

        var history = await VerdictAsync(2 * Times.Convergence);
        AssertNobodyOffline(history, since);
        Service.AssertConfirmed(history, since, ConfirmedWithoutStore);
        AssertAlive();
        Assert.All(
            Cluster.Programs.Zip(memory),
            pair => Assert.True(pair.First.ResidentBytes - pair.Second <= MostGrowth, $"{pair.First.Name} grew from {pair.Second} to {pair.First.ResidentBytes} bytes."));
    }

    /// <summary>F18, then F19: emptied under load, then each silo is restarted in turn.</summary>
    [Fact(Timeout = Times.Limit)]
    public async Task Emptied_IsFilledAgainAndSilosThatRestartStayOneCluster()
    {
        await ToggleAsync();
        var since = Now;
        await Redis.AskAsync("FLUSHALL");
        await GoOnAsync(Times.Lease);
        var history = await VerdictAsync(Times.Lease + Times.Delivery);
        AssertNobodyOffline(history, since);
        Service.AssertConfirmed(history, since, Times.ConfirmedOverFailover);
        AssertAlive();

        foreach (var silo in Cluster.Silos)
        {
            Assert.Equal(0, (await silo.StopAsync()).ExitCode);
            await silo.LaunchAsync();
        }

        await ToggleAsync();

        // Silos that miss themselves in the table would stop when they read it next, every 5 s.
        await GoOnAsync(TimeSpan.FromSeconds(5) + Times.Slack);
        history = await VerdictAsync(Times.ConvergenceAfterSilo);
        AssertNobodyOffline(history, since);
        Assert.All(Cluster.Programs, program => Assert.True(program.IsRunning, $"{program.Name} has stopped:\n{program.Output}"));
    }

    /// <summary>F20: the replica lacks the last second.</summary>
    [Fact(Timeout = Times.Limit)]
    public async Task FailedOver_LastSecondIsWrittenAgain()
    {
        await using var replica = new RedisProcess("replica");
        await using var link = TcpRelay.To(Redis.Port);
        await replica.LaunchAsync();
        await FollowAsync(replica, link.Port);
        await ToggleAsync();
        link.Pause();
        await GoOnAsync(TimeSpan.FromSeconds(1));
        var since = Now;
        await Redis.KillAsync();
        await LeadAsync(replica);
        await GoOnAsync(Times.Convergence);
        var healed = Now;
        await GoOnAsync(Times.Convergence);
        var history = await VerdictAsync(Times.Convergence);

        // Back, so that the next row finds its Redis.
        await Redis.LaunchAsync();
        await FollowAsync(Redis, replica.Port);
        await LeadAsync(Redis);
        AssertNobodyOffline(history, since);
        Assert.DoesNotContain(history.Entries.OfType<Refused>(), refused => refused.At > healed);
        Service.AssertConfirmed(history, healed, Times.Delivery);
        AssertAlive();
    }

    /// <summary>F23.</summary>
    [Fact(Timeout = Times.Limit)]
    public async Task OneSiloIsCutOff_ServesItsUsersAndNobodyDies()
    {
        await ToggleAsync();
        var since = Now;
        Cluster.RelayOf(Cluster.Silos[0]).Pause();
        await GoOnAsync(Hanging);
        Cluster.RelayOf(Cluster.Silos[0]).Resume();

        var history = await VerdictAsync(2 * Times.Convergence);
        AssertNobodyOffline(history, since);
        Service.AssertConfirmed(history, since, ConfirmedWithoutStore);
        AssertAlive();
    }

    private static async Task FollowAsync(RedisProcess follower, int port)
    {
        await follower.AskAsync("REPLICAOF", "127.0.0.1", port.ToString(CultureInfo.InvariantCulture));
        await Until.TrueAsync(
            async () => (await follower.AskAsync("INFO", "replication")).Contains("master_link_status:up", StringComparison.Ordinal),
            Times.Convergence, () => "The replica does not follow.");
    }

    private async Task LeadAsync(RedisProcess leader)
    {
        await leader.AskAsync("REPLICAOF", "NO", "ONE");
        foreach (var relay in Cluster.Programs.Select(Cluster.RelayOf))
        {
            relay.Target = leader.Port;
            relay.Cut();
        }
    }
}
