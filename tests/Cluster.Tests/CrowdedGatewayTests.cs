namespace Presence.Faults;

/// <summary>A gateway with five hundred users that ends. Every second one of them watches others.</summary>
public sealed class CrowdedGatewayTests(SharedCluster shared) : FaultTests(shared)
{
    protected override int People => 500;

    /// <summary>F6.</summary>
    [Fact(Timeout = Times.Limit)]
    public async Task Killed_ItsUsersAreBackAtTheOtherAndNobodyWasOffline()
    {
        var since = Now;
        await Gateway1.KillAsync();
        await Until.TrueAsync(() => NotBack(since) <= People / 100, Times.Convergence, () => $"{NotBack(since)} of {People} are not back.");

        var history = await VerdictAsync(Times.Convergence, gateways: [Gateway2]);
        AssertNobodyOffline(history, since);
        AssertAlive(except: Gateway1);
    }

    /// <summary>F8.</summary>
    [Fact(Timeout = Times.Limit)]
    public async Task Stopped_SendsEverybodyAwayInOrderAndEndsWithZero()
    {
        var since = Now;
        var ending = Gateway1.StopAsync();
        await Until.TrueAsync(async () => await Gateway1.ProbeAsync() != 200, TimeSpan.FromSeconds(1) + Times.Slack, () => "Still ready.");
        Assert.Equal(503, (await RawSocket.RequestAsync(Gateway1.Port, new Upgrade().ToBytes())).Status);
        var exit = await ending;

        var history = await VerdictAsync(Times.Convergence, gateways: [Gateway2]);
        Assert.Equal(0, exit.ExitCode);
        Assert.True(exit.Took < TimeSpan.FromSeconds(25), $"It took {exit.Took} to end.");
        AssertSentAwayInTurn([.. history.Entries.OfType<Refused>().Where(refused => refused.At >= since && refused.What == "close 1012")]);
        AssertNobodyOffline(history, since);
        AssertAlive(except: Gateway1);
    }

    protected override int GatewayOf(int index) => 0;

    protected override int Watches(int index) => index % 2 * base.Watches(index);

    private int NotBack(TimeSpan since)
    {
        var back = Crowd.Recorder.Entries.OfType<Connected>().Where(connected => connected.At > since).Select(connected => connected.Client).ToHashSet();
        return Crowd.People.Count(person => !person.IsSettled || !back.Contains(person.Client));
    }

    /// <summary>Everybody was, once, and in no quarter of the drain window more than half of them.</summary>
    private void AssertSentAwayInTurn(IReadOnlyList<Refused> closes)
    {
        Assert.Equal(Crowd.People.Select(person => person.Client).Order(), closes.Select(close => close.Client).Order());
        var first = closes.Min(close => close.At);
        var quarters = closes.CountBy(close => (int)((close.At - first) / (Times.DrainWindow / 4)));
        Assert.All(quarters, quarter => Assert.InRange(quarter.Value, 1, People / 2));
    }
}
