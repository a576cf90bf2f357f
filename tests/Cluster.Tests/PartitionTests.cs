namespace Presence.Faults;

/// <summary>F21: a gateway that reaches no silo, without anybody being told. The users of this gateway, the first one, are the left half.</summary>
[Collection(Direct.Name)]
public sealed class PartitionTests(DirectCluster direct) : FaultTests(direct)
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(2);

    private string[] LeftUsers => [.. Left.Select(person => person.User)];

    [Fact(Timeout = Times.Limit)]
    public async Task CutOffForAMoment_ShowsNothing()
    {
        await ToggleAsync();
        var since = Now;
        CutOff();
        await GoOnAsync(Short);
        Heal();

        var history = await VerdictAsync(Times.Convergence);
        AssertNobodyOffline(history, since);
        Service.AssertConfirmed(history, since, Short + Times.Answer + Times.RetryAfter + Times.Slack);
        AssertAlive();
    }

    [Fact(Timeout = Times.Limit)]
    public async Task CutOffForLongerThanTheLease_ItsUsersAreOfflineElsewhereUntilItIsBack()
    {
        await ToggleAsync();
        var since = Now;
        CutOff();
        await ShownAsync(Right, LeftUsers, held => held.IsOffline, Times.OfflineAfterLoss);
        var end = Now;
        Heal();
        await ShownAsync(Right, LeftUsers, held => !held.IsOffline, (2 * Times.HeartbeatInterval) + Times.Slack);

        var history = await VerdictAsync(
            Times.Convergence, Times.Bounds with { Windows = [(since + Times.Lease, end + (2 * Times.HeartbeatInterval) + Times.Delivery)] });
        Assert.DoesNotContain(history.Entries.OfType<Seen>(), seen => seen.IsOffline && seen.At >= since && seen.At < since + Times.Lease);
        Service.AssertNoSilence(history, since, Times.Answer + Times.Slack);
        AssertToldOfStaleness(history, since);
        Service.AssertUnnoticed(history, Right, since, end);
        Assert.DoesNotContain(history.Entries.OfType<Ended>(), ended => ended.At >= since);
        AssertAlive();
    }

    /// <summary>Everybody at the gateway knows that what is shown there may be old.</summary>
    private void AssertToldOfStaleness(History history, TimeSpan since)
    {
        var told = history.Entries.OfType<Blinded>()
            .Where(blinded => blinded.IsStale && blinded.At >= since && blinded.At <= since + Times.Lease + Times.Slack)
            .Select(blinded => blinded.Client);
        Assert.Empty(Left.Select(person => person.Client).Except(told));
    }

    private void CutOff() => Array.ForEach([.. Cluster.Links], link => link.Pause(Gateway1.ProcessId));

    private void Heal() => Array.ForEach([.. Cluster.Links], link => link.Resume());
}
