namespace Presence.Faults;

/// <summary>Gateways that end, one way or another. The users of the first one are the left half.</summary>
public sealed class GatewayTests(SharedCluster shared) : FaultTests(shared)
{
    /// <summary>F6.</summary>
    [Fact(Timeout = Times.Limit)]
    public async Task Killed_ItsUsersAreBackAtTheOtherAndNobodyWasOffline()
    {
        var since = Now;
        await Gateway1.KillAsync();
        await Until.TrueAsync(() => Left.All(IsBack), Times.Convergence, () => $"{Left.Count(person => !IsBack(person))} of {People / 2} are not back.");

        var history = await VerdictAsync(Times.Convergence, gateways: [Gateway2]);
        AssertNobodyOffline(history, since);
        AssertAlive(except: Gateway1);

        bool IsBack(Person person) => person.IsSettled && Crowd.Recorder.Entries.OfType<Connected>().Any(c => c.At > since && c.Client == person.Client);
    }

    /// <summary>F7.</summary>
    [Fact(Timeout = Times.Limit)]
    public async Task KilledForGood_ItsUsersAreOfflineAndWhoHasATabElsewhereStays()
    {
        var (gone, tabbed) = (Left.Skip(5).ToList(), Left.Take(5).ToList());
        tabbed.ForEach(person => Crowd.Add(person.User, gateway: 1, [], $"{person.User}-tab"));
        await Crowd.SettleAsync(Times.Convergence);

        // Stopped before they vanish: it must not see them go.
        Gateway1.Pause();
        var since = Now;
        await Task.WhenAll(gone.Concat(tabbed).Select(person => person.VanishAsync()));
        await Gateway1.KillAsync();
        await OfflineAsync([.. gone.Select(person => person.User)], since, Times.OfflineAfterLoss);

        var history = await VerdictAsync(Times.Convergence, gateways: [Gateway2]);
        Assert.DoesNotContain(history.Entries.OfType<Seen>(), seen => seen.IsOffline && seen.At >= since && seen.At < since + Times.Grace);
        AssertAlive(except: Gateway1);
    }

    /// <summary>F8.</summary>
    [Fact(Timeout = Times.Limit)]
    public async Task Stopped_SendsEverybodyAwayInOrderAndEndsWithZero()
    {
        var since = Now;
        var ending = Gateway1.StopAsync();
        await Until.TrueAsync(async () => await Gateway1.ProbeAsync() != 200, TimeSpan.FromSeconds(1) + Times.Slack, () => "Still ready.");
        var exit = await ending;

        var history = await VerdictAsync(Times.Convergence, gateways: [Gateway2]);
        Assert.Equal(0, exit.ExitCode);
        Assert.True(exit.Took < TimeSpan.FromSeconds(25), $"It took {exit.Took} to end.");
        var closes = history.Entries.OfType<Refused>().Where(refused => refused.At >= since && refused.What == "close 1012").Select(refused => refused.Client);
        Assert.Empty(Left.Select(person => person.Client).Except(closes));
        AssertNobodyOffline(history, since);
        AssertAlive(except: Gateway1);
    }

    /// <summary>F9.</summary>
    [Fact(Timeout = Times.Limit)]
    public async Task PausedAndResumed_ItsOldSessionsOverwriteNothing()
    {
        var patient = Names.New("patient");
        await using var waiting = await PresenceClient.SignInAsync(Gateway1, patient);
        await using var watcher = await PresenceClient.SignInAsync(Gateway2, Names.New("watcher"));
        await watcher.SubscribeAsync(patient);
        await ToggleAsync();
        var gone = Left.Take(5).ToList();
        var since = Now;
        Gateway1.Pause();
        await Task.WhenAll(gone.Select(person => person.VanishAsync()));
        await watcher.ExpectUpdateAsync(patient, "offline", Times.OfflineAfterLoss);
        await OfflineAsync([.. gone.Select(person => person.User)], since, Times.OfflineAfterLoss);
        await Crowd.SettleAsync(Times.Convergence);
        Gateway1.Resume();

        // Whoever still waits at a socket of the old life is sent away, and is no ghost.
        var end = await waiting.ExpectEndAsync(TimeSpan.FromSeconds(2) + Times.Slack);
        Assert.Equal(4008, end.CloseCode);
        var history = await VerdictAsync(Times.Convergence);

        // The socket lived up to then, so its user may have been announced once more, and is lost like any other.
        await GoOnAsync(Times.Grace + Times.Delivery);
        var updates = (await watcher.FenceAsync()).Where(update => update.Type == "presence_update").ToList();
        Assert.True(updates is [] or [.., { Status: "offline" }], $"A ghost: {string.Join('\n', updates)}");
        Service.AssertConfirmed(history, since, Times.HeartbeatTimeout + Times.Convergence);
        AssertAlive();
    }

    /// <summary>F5.</summary>
    [Fact(Timeout = Times.Limit)]
    public async Task BackElsewhereBeforeTheLossIsNoticed_IsOnePresenceThatStays()
    {
        await using var link = TcpRelay.To(Gateway1.Port);
        var users = Names.Many("mover", 20);
        await using var watcher = await PresenceClient.SignInAsync(Gateway2, Names.New("watcher"));
        var before = await SignInAsync(link, users);
        await watcher.SubscribeAsync(users);
        link.Pause();
        var after = await SignInAsync(Gateway2, users);
        await GoOnAsync(Times.HeartbeatTimeout + Times.Grace + Times.Delivery);

        var seen = await watcher.FenceAsync();
        Assert.DoesNotContain(seen, update => update.Type == "presence_update" && update.Status == "offline");
        foreach (var (user, client) in users.Zip(after))
        {
            await client.SendAsync(new { type = "get_presence", userIds = new[] { user } });
            var own = Assert.Single((await client.ExpectAsync("presence_list")).Presences);
            Assert.Equal(("online", 1), (own.GetProperty("status").GetString(), own.GetProperty("connectionCount").GetInt32()));
        }

        await Task.WhenAll(before.Concat(after).Select(client => client.DisposeAsync().AsTask()));
        await VerdictAsync(Times.Convergence);
        AssertAlive();
    }

    private static Task<PresenceClient[]> SignInAsync(IEndpoint endpoint, string[] users) =>
        Task.WhenAll(users.Select(user => PresenceClient.SignInAsync(endpoint, user, "phone")));
}
