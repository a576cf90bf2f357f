namespace Presence.Faults;

/// <summary>Silos that end, one way or another.</summary>
public sealed class SiloTests(SharedCluster shared) : FaultTests(shared)
{
    // Longer than it takes the others to give it up.
    private static readonly TimeSpan Paused = TimeSpan.FromSeconds(8);

    private SiloProcess Silo => Cluster.Silos[1];

    /// <summary>F12.</summary>
    [Fact(Timeout = Times.Limit)]
    public async Task Stopped_IsFeltForASecondAtMost()
    {
        await ToggleAsync();
        var since = Now;
        var exit = await Silo.StopAsync();
        await GoOnAsync(Times.RetryAfter);
        await Silo.LaunchAsync();

        var history = await VerdictAsync(Times.Convergence);
        Assert.Equal(0, exit.ExitCode);
        AssertNobodyOffline(history, since);
        Assert.InRange(Service.TimeOfErrors(history, since), TimeSpan.Zero, TimeSpan.FromSeconds(1) + Times.Slack);
        Service.AssertConfirmed(history, since - Times.Answer, TimeSpan.FromSeconds(1) + Times.RetryAfter + Times.Slack);
        AssertAlive(except: Silo);
    }

    /// <summary>F13.</summary>
    [Fact(Timeout = Times.Limit)]
    public async Task PausedUntilGivenUp_EndsOrRejoinsAndRevertsNothing()
    {
        await ToggleAsync();
        var since = Now;
        Silo.Pause();
        await GoOnAsync(Paused);
        Silo.Resume();
        await GoOnAsync(Times.Convergence);

        var history = await VerdictAsync(Times.ConvergenceAfterSilo);
        AssertNobodyOffline(history, since);
        Service.AssertConfirmed(history, since - Times.Answer, Times.ConfirmedOverFailover);
        Assert.True(!Silo.IsRunning || await Silo.ProbeAsync() == 200, $"The silo is neither gone nor ready:\n{Silo.Output}");
        AssertAlive(except: Silo);
    }

    /// <summary>F14.</summary>
    [Fact(Timeout = Times.Limit)]
    public async Task TwoOfThreeKilled_TheThirdServesAll()
    {
        await ToggleAsync();
        var since = Now;
        await Task.WhenAll(Cluster.Silos.Skip(1).Select(silo => silo.KillAsync()));
        await ServedAsync(since, (2 * Times.Failover) + Times.RetryAfter + Times.Slack);

        var history = await VerdictAsync(Times.ConvergenceAfterSilo);
        AssertNobodyOffline(history, since);
        Service.AssertConfirmed(history, since - Times.Answer, (2 * Times.Failover) + Times.RetryAfter + Times.Slack);
        AssertAlive(except: [.. Cluster.Silos.Skip(1)]);
    }
}
