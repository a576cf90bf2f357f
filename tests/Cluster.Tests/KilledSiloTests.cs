namespace Presence.Faults;

/// <summary>F11, whatever way changes travel.</summary>
public abstract class KilledSiloTests(SharedCluster shared) : FaultTests(shared)
{
    private SiloProcess Silo => Cluster.Silos[1];

    [Fact(Timeout = Times.Limit)]
    public async Task Killed_UsersAreServedElsewhereAndNobodyIsOffline()
    {
        await ToggleAsync();
        var since = Now;
        await Silo.KillAsync();
        await ServedAsync(since, Times.ConfirmedOverFailover);
        await Silo.LaunchAsync();

        var history = await VerdictAsync(Times.ConvergenceAfterSilo);
        AssertNobodyOffline(history, since);
        Service.AssertConfirmed(history, since - Times.Answer, Times.ConfirmedOverFailover);
        Service.AssertNoSilence(history, since - Times.Answer, Times.Answer + Times.Slack);
        AssertAlive(except: Silo);
    }
}

/// <summary>Changes travel by streams.</summary>
public sealed class StreamKilledSiloTests(SharedCluster shared) : KilledSiloTests(shared);

/// <summary>Changes travel by direct calls.</summary>
[Collection(Direct.Name)]
public sealed class DirectKilledSiloTests(DirectCluster direct) : KilledSiloTests(direct);
