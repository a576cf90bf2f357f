using System.Globalization;
using Presence.Gateway.Cluster;
using Presence.Grains;
using Presence.Grains.Settings;
using Presence.Harness.Processes;

namespace Presence.Benchmarks;

/// <summary>What users who are online cost a silo and Redis, without the sockets: they are connected as a gateway would.</summary>
internal sealed class MemoryBenchmark(int users)
{
    private const int Callers = 64;

    public async Task RunAsync()
    {
        await using var cluster = await new ClusterBenchmark("Observer", "").StartAsync(silos: 1, gateways: 0);
        var silo = cluster.Silos[0];
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["urls"] = "http://127.0.0.1:0";
        builder.Configuration["Presence:Cluster:Redis"] = $"127.0.0.1:{cluster.Redis.Port}";
        builder.Configuration["Presence:Cluster:ServiceId"] = cluster.Id;
        builder.Configuration["Presence:Cluster:ClusterId"] = cluster.Id;
        builder.Configuration["Presence:Cluster:Transport"] = nameof(SinkTransport.Observer);
        builder.AddPresenceClusterClient(PresenceSettings.Read(builder.Configuration, builder.Environment, ClusterGateway.OptionTypes));
        await using var app = builder.Build();
        await app.StartAsync();
        var grains = app.Services.GetRequiredService<IClusterClient>();
        await ConnectAsync(grains, 0, 1_000);
        var (resident, redis) = (silo.ResidentBytes, await RedisBytesAsync(cluster));
        await ConnectAsync(grains, 1_000, users);
        var (inSilo, inRedis) = (silo.ResidentBytes - resident, await RedisBytesAsync(cluster) - redis);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{users:N0} users online on one silo: {inSilo / (double)users / 1024:0.0} KB each in the silo (resident), "
            + $"{inRedis / (double)users:N0} bytes each in Redis"));
        await app.StopAsync();
    }

    private static Task ConnectAsync(IGrainFactory grains, int from, int count) => Parallel.ForAsync(
        from, from + count, new ParallelOptions { MaxDegreeOfParallelism = Callers }, async (i, _) =>
            await grains.GetGrain<IUserPresenceGrain>($"user-{i}").ConnectAsync(new($"c{i}", "benchmark", new("tab", DeviceType.Web, null))));

    private static async Task<long> RedisBytesAsync(Cluster cluster)
    {
        var line = (await cluster.Redis.AskAsync("INFO", "memory")).Split("\r\n").First(l => l.StartsWith("used_memory:", StringComparison.Ordinal));
        return long.Parse(line["used_memory:".Length..], CultureInfo.InvariantCulture);
    }
}
