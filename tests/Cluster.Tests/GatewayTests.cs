namespace Presence.Faults;

/// <summary>Gateways that end, one way or another. The users of the first one are the left half.</summary>
public sealed class GatewayTests(SharedCluster shared) : FaultTests(shared)
{
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
        Service.AssertUnnoticed(new(Crowd.Recorder.Entries, Now), Right, since, Now - Times.Delivery);
        Gateway1.Resume();

        // Whoever still waits at a socket of the old life is sent away, and is never shown again.
        var end = await waiting.ExpectEndAsync(TimeSpan.FromSeconds(2) + Times.Slack);
        Assert.Equal(4008, end.CloseCode);
        var history = await VerdictAsync(Times.Convergence);
        await GoOnAsync(Times.Grace + Times.Delivery);
        Assert.DoesNotContain(await watcher.FenceAsync(), update => update.Type == "presence_update");
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
