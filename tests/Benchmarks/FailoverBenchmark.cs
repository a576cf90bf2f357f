using System.Diagnostics;
using System.Globalization;
using Presence.Harness.Processes;
using Presence.Harness.Wire;

namespace Presence.Benchmarks;

/// <summary>How long the loss of a process is felt: three silos, two gateways, 200 users who change twice a second, and one who watches all.</summary>
internal sealed class FailoverBenchmark(string transport)
{
    private const int Users = 200;

    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public async Task RunAsync()
    {
        await MeasureSiloAsync("SIGKILL of one of three silos", silo => _ = silo.KillAsync());
        await MeasureSiloAsync("SIGSTOP of one of three silos", silo => silo.Pause());
        await MeasureGatewayAsync();
    }

    private async Task MeasureSiloAsync(string what, Action<SiloProcess> lose)
    {
        await using var cluster = await new ClusterBenchmark(transport, "").StartAsync(silos: 3, gateways: 2);
        var users = await SignInAsync(cluster);
        await using var watcher = await WatchAsync(cluster);
        using var end = new CancellationTokenSource();
        var lost = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        var served = users.Select(user => ServedAsync(user, lost.Task, end.Token)).ToList();
        await Task.Delay(TimeSpan.FromSeconds(5));
        await watcher.FenceAsync(); // What came until now says nothing of what is to come.
        lose(cluster.Silos[1]);
        var at = Stopwatch.GetTimestamp();
        lost.SetResult(at);
        var repaired = RepairedAsync(watcher, at);
        await Task.Delay(Watched);
        await end.CancelAsync();
        var (lastServed, lastRepaired) = ((await Task.WhenAll(served)).Max(), await repaired);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{transport}: {what}: last user served after {lastServed.TotalSeconds:0.0} s, last watched user seen anew after {lastRepaired.TotalSeconds:0.0} s"));
    }

    private async Task MeasureGatewayAsync()
    {
        await using var cluster = await new ClusterBenchmark(transport, "").StartAsync(silos: 3, gateways: 2);
        var users = await SignInAsync(cluster);
        await using var watcher = await WatchAsync(cluster);
        var at = Stopwatch.GetTimestamp();
        await cluster.Gateways[0].KillAsync();
        for (var left = Users; left > 0; left--)
        {
            await watcher.ExpectAsync("presence_update", update => update.Status == "offline", TimeSpan.FromMinutes(1));
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{transport}: SIGKILL of a gateway with {Users} users who stay away: the last is offline after {Stopwatch.GetElapsedTime(at).TotalSeconds:0.0} s"));
        await Task.WhenAll(users.Select(user => user.DisposeAsync().AsTask()));
    }

    private static Task<PresenceClient[]> SignInAsync(Cluster cluster) => Task.WhenAll(
        Enumerable.Range(0, Users).Select(i => PresenceClient.SignInAsync(cluster.Gateways[0], $"user-{i}")));

    private static async Task<PresenceClient> WatchAsync(Cluster cluster)
    {
        var watcher = await PresenceClient.SignInAsync(cluster.Gateways[1], "watcher");
        await watcher.SubscribeAsync([.. Enumerable.Range(0, Users).Select(i => $"user-{i}")]);
        return watcher;
    }

    /// <summary>When the first change that began after the loss was acknowledged; or the longest wait of a change if none came later.</summary>
    private static async Task<TimeSpan> ServedAsync(PresenceClient user, Task<long> loss, CancellationToken cancellationToken)
    {
        TimeSpan? served = null;
        for (var i = 0; !cancellationToken.IsCancellationRequested; i++)
        {
            var isAfter = loss.IsCompleted;
            await user.SendAsync(new { type = "set_status", status = i % 2 == 0 ? "busy" : "dnd", id = "s" });
            Received reply;
            do
            {
                reply = await user.NextAsync(TimeSpan.FromSeconds(20));
            }
            while (reply.Id != "s");

            if (isAfter && served is null && reply.Type == "status_updated")
            {
                served = Stopwatch.GetElapsedTime(await loss);
            }

            await Task.Delay(Pause, CancellationToken.None);
        }

        await user.DisposeAsync();
        return served ?? Watched;
    }

    /// <summary>When the watcher had heard of a change of everybody since the loss.</summary>
    private static async Task<TimeSpan> RepairedAsync(PresenceClient watcher, long lostAt)
    {
        HashSet<string> seen = [];
        while (seen.Count < Users)
        {
            var update = await watcher.ExpectAsync("presence_update", deadline: Watched);
            seen.Add(update.UserId);
        }

        return Stopwatch.GetElapsedTime(lostAt);
    }
}
