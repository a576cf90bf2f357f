using System.Diagnostics;
using System.Globalization;
using Presence.Harness.Processes;
using Presence.Harness.Wire;

namespace Presence.Benchmarks;

/// <summary>Measures a cluster of real processes at its sockets; everything shares this machine.</summary>
/// <param name="transport">Stream or Observer.</param>
/// <param name="spinLimit">Of the thread pool, in hexadecimal; empty: as the programs set it.</param>
internal sealed class ClusterBenchmark(string transport, string spinLimit)
{
    private const int Pairs = 20;
    private const int Changes = 60;

    private static readonly TimeSpan ChangeInterval = TimeSpan.FromSeconds(1);

    public async Task RunAsync()
    {
        await using (var two = await StartAsync(silos: 2, gateways: 2))
        {
            await MeasureLatencyAsync(two);
        }

        await using (var one = await StartAsync(silos: 1, gateways: 1))
        {
            await MeasureSignInsAsync(one, 2_000);
            await MeasureChangesAsync(one, publishers: 100, watchers: 10);
        }
    }

    public async Task<Cluster> StartAsync(int silos, int gateways) => await Cluster.StartAsync(new()
    {
        Silos = silos,
        Gateways = gateways,
        Settings =
        [
            ("Cluster:Transport", transport), ("UpdateWindow", "0s"), ("MaxStatusChangesPer10s", "1000000"), ("MaxMessagesPerSecond", "100000"),
            .. spinLimit.Length > 0 ? [("DOTNET_ThreadPool_UnfairSemaphoreSpinLimit", spinLimit)] : Array.Empty<(string, string)>(),
        ],
    });

    /// <summary>20 changes a second, each by a user on one gateway whom somebody on the other one watches.</summary>
    private async Task MeasureLatencyAsync(Cluster cluster)
    {
        var delays = await Task.WhenAll(Enumerable.Range(0, Pairs).Select(i => MeasurePairAsync(cluster, i)));
        Console.WriteLine($"{transport}: change to watcher across two gateways, 20/s: {Percentiles([.. delays.SelectMany(d => d)])}");
    }

    private static async Task<List<double>> MeasurePairAsync(Cluster cluster, int i)
    {
        var (from, to) = (cluster.Gateways[i % 2], cluster.Gateways[1 - (i % 2)]);
        await using var user = await PresenceClient.SignInAsync(from, $"user-{i}");
        await using var watcher = await PresenceClient.SignInAsync(to, $"watcher-{i}");
        await watcher.SubscribeAsync($"user-{i}");
        List<double> delays = [];
        using var timer = new PeriodicTimer(ChangeInterval);
        await Task.Delay(ChangeInterval * i / Pairs);
        for (var change = 0; change < Changes; change++)
        {
            await timer.WaitForNextTickAsync();
            var status = change % 2 == 0 ? "busy" : "dnd";
            var sent = Stopwatch.GetTimestamp();
            await user.SendAsync(new { type = "set_status", status });
            await watcher.ExpectUpdateAsync($"user-{i}", status);
            if (change >= 10)
            {
                delays.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            }
        }

        return delays;
    }

    private async Task MeasureSignInsAsync(Cluster cluster, int users)
    {
        var (cpu, began) = (Cpu(cluster), Stopwatch.GetTimestamp());
        var clients = new PresenceClient[users];
        await Parallel.ForAsync(0, users, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, _) =>
            clients[i] = await PresenceClient.SignInAsync(cluster.Gateways[0], $"guest-{i}"));
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{transport}: sign-ins, one silo, one gateway: {users / seconds:N0} a second, {(Cpu(cluster) - cpu) / users * 1e6:N0} us of CPU each"));
        await Task.WhenAll(clients.Select(client => client.DisposeAsync().AsTask()));
    }

    /// <summary>As many changes as there can be: every user waits for its own acknowledgement only.</summary>
    private async Task MeasureChangesAsync(Cluster cluster, int publishers, int watchers)
    {
        var gateway = cluster.Gateways[0];
        var users = await Task.WhenAll(Enumerable.Range(0, publishers).Select(i => Changer.StartAsync(gateway, $"changer-{i}")));
        var readers = await Task.WhenAll(Enumerable.Range(0, watchers).Select(i =>
            Changer.StartAsync(gateway, $"reader-{i}", [.. Enumerable.Range(0, publishers).Select(n => $"changer-{n}")])));
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var (cpu, began) = (Cpu(cluster), Stopwatch.GetTimestamp());
        var counts = await Task.WhenAll(users.Select(user => user.ChangeAsync(end.Token)));
        var (seconds, changes) = (Stopwatch.GetElapsedTime(began).TotalSeconds, counts.Sum());
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{transport}: changes with {watchers} watchers each, one silo, one gateway: {changes / seconds:N0} a second, "
            + $"{(Cpu(cluster) - cpu) / changes * 1e6:N0} us of CPU each"));
        await Task.WhenAll(users.Concat(readers).Select(user => user.DisposeAsync().AsTask()));
    }

    /// <summary>Seconds of CPU that silos, gateways and Redis have used.</summary>
    private static double Cpu(Cluster cluster) => cluster.Programs.Select(program => program.ProcessId).Append(cluster.Redis.ProcessId).Sum(id =>
    {
        using var process = Process.GetProcessById(id);
        return process.TotalProcessorTime.TotalSeconds;
    });

    private static string Percentiles(List<double> values)
    {
        values.Sort();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"p50 {values[values.Count / 2]:0.0} ms, p99 {values[(int)(values.Count * 0.99)]:0.0} ms, max {values[^1]:0.0} ms, {values.Count} changes");
    }
}
