namespace Presence.Faults;

/// <summary>Everything but Redis ends at once.</summary>
public sealed class RestartTests(SharedCluster shared) : FaultTests(shared)
{
    private static readonly TimeSpan Down = TimeSpan.FromSeconds(3);

    // The store keeps whole seconds of others' last seen; the last beat is the last that anybody knew.
    private static readonly TimeSpan LastSeenStep = TimeSpan.FromSeconds(1);

    /// <summary>F15.</summary>
    [Fact(Timeout = Times.Limit)]
    public async Task AllKilledAndStarted_WhoReturnsIsAsBeforeAndNobodyElseIsThere()
    {
        await ToggleAsync();
        Crowd.StopToggling();
        await Crowd.SettleAsync(Times.Convergence);
        var gone = Crowd.People.Where((_, index) => index % 5 == 0).ToList();
        await Task.WhenAll(Cluster.Programs.Select(program => program.KillAsync()));
        var killedAt = DateTimeOffset.UtcNow;
        await Task.WhenAll(gone.Select(person => person.VanishAsync()));
        await GoOnAsync(Down);
        var began = Now;
        await Cluster.LaunchAllAsync();
        await Crowd.SettleAsync(Times.Start - (Now - began) + Times.Convergence);
        var first = Crowd.Recorder.Entries.OfType<Connected>().First(connected => connected.At >= began).At;
        Assert.True(first - began <= Times.Start, $"The first was let in after {first - began}.");
        await OfflineAsync([.. gone.Select(person => person.User)], began, Times.OfflineAfterLoss);

        // Those who are gone are so since before the start.
        await VerdictAsync(Times.Convergence, Times.Bounds with { OfflineAfterLoss = Down + Times.Start + Times.OfflineAfterLoss });
        var answers = await Reader.AskAsync(Crowd.Recorder, Cluster.Gateways, [.. gone.Select(person => person.User)]);
        Assert.All(answers, answer => Assert.InRange(answer.LastSeen!.Value, killedAt - Times.Renewal - LastSeenStep - Times.Slack, killedAt));
    }
}
