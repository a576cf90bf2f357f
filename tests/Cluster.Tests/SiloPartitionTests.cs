namespace Presence.Faults;

/// <summary>F22: two silos that do not reach each other. Both reach the third one, Redis and the gateways, so nobody is dead.</summary>
[Collection(Direct.Name)]
public sealed class SiloPartitionTests(DirectCluster direct) : FaultTests(direct)
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    [Fact(Timeout = Times.Limit)]
    public Task CutOffFromEachOther_NobodyIsOfflineAndBothServeAgain() => PartitionAsync(isMutual: true);

    [Fact(Timeout = Times.Limit)]
    public Task CutOffInOneDirection_NobodyIsOfflineAndBothServeAgain() => PartitionAsync(isMutual: false);

    private async Task PartitionAsync(bool isMutual)
    {
        await ToggleAsync();
        var since = Now;

        // What the first silo says to the second one, by connections of either: silos use each connection both ways, whoever made it.
        Cluster.SiloLinks[1].Pause(Cluster.Silos[0].ProcessId, isMutual ? Ways.Both : Ways.There);
        Cluster.SiloLinks[0].Pause(Cluster.Silos[1].ProcessId, isMutual ? Ways.Both : Ways.Back);

        await GoOnAsync(Long);
        var end = Now;
        Array.ForEach([.. Cluster.SiloLinks], link => link.Resume());

        var history = await VerdictAsync(Times.ConvergenceAfterSilo);
        AssertNobodyOffline(history, since);

        // Users of the one silo whom a gateway asks for by way of the other: the cut is there.
        Assert.Contains(history.Entries.OfType<Refused>(), refused => refused.At > since && refused.At < end && refused.What == "unavailable");
        Service.AssertNoSilence(history, since, Times.Answer + Times.Slack);
        Service.AssertConfirmed(history, end, Times.ConfirmedOverFailover);
        AssertAlive();
    }
}
