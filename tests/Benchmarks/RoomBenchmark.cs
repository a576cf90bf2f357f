using System.Diagnostics;
using System.Globalization;
using Presence.Grains;
using Presence.Grains.Settings;
using Presence.Grains.Sinks;
using Presence.Standalone;
using Presence.Standalone.Hosting;

namespace Presence.Benchmarks;

/// <summary>What a join costs the grain of a room as the room fills, a tenth of the members after the other. No sockets and no owners of users.</summary>
internal sealed class RoomBenchmark(int members, string dataFile)
{
    private const int Callers = 64;
    private const int Parts = 10;

    /// <summary>As many as a gateway gathers at most.</summary>
    private const int GatheredCall = 50;

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);

    public async Task RunAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Environment.EnvironmentName = Environments.Development;
        builder.Configuration["urls"] = "http://127.0.0.1:0";
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        var settings = PresenceSettings.Read(builder.Configuration, builder.Environment, typeof(PresenceOptions), typeof(StandaloneOptions));
        builder.AddPresenceStandalone(new() { DataFile = dataFile });
        builder.Services.AddPresenceSettings(settings);
        await using var app = builder.Build();
        await app.StartAsync();

        var grains = app.Services.GetRequiredService<IGrainFactory>();
        await app.Services.GetRequiredService<ISinkSubscription>().SubscribeAsync("life", new NoSink());
        await grains.GetGrain<IGatewayGrain>("life").BeatAsync(new(IsFirst: true, Observer: null));

        // Compiled by the first rooms, so that the first part of those that count is as fast as the last.
        foreach (var atOnce in new[] { 1, GatheredCall })
        {
            await FillAsync(grains.GetGrain<IRoomGrain>($"warm {atOnce}"), 5_000, atOnce, isSilent: true);
            Console.WriteLine($"by calls of {atOnce}:");
            await FillAsync(grains.GetGrain<IRoomGrain>($"room {atOnce}"), members, atOnce, isSilent: false);
        }

        await MeasureSavingAsync();
        await app.StopAsync();
    }

    private static async Task FillAsync(IRoomGrain room, int count, int atOnce, bool isSilent)
    {
        await room.AttachAsync("life");
        for (var part = 0; part < Parts; part++)
        {
            var (from, to) = (count / Parts * part, count / Parts * (part + 1));
            var (cpu, allocated, began) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(), Stopwatch.GetTimestamp());
            await JoinAsync(room, from, to, atOnce);
            var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            if (!isSilent)
            {
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{from,7:N0} to {to,7:N0} members: {(to - from) / seconds,8:N0} joins a second, "
                    + $"{(Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / (to - from),6:N1} us of CPU, "
                    + $"{(GC.GetTotalAllocatedBytes() - allocated) / (to - from),6:N0} bytes allocated each"));
            }
        }
    }

    private static async Task JoinAsync(IRoomGrain room, int from, int to, int atOnce)
    {
        var next = from - atOnce;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            for (var i = Interlocked.Add(ref next, atOnce); i < to; i = Interlocked.Add(ref next, atOnce))
            {
                if (atOnce == 1)
                {
                    await room.JoinAsync(Join(i), "life");
                }
                else
                {
                    await room.MoveAsync([.. Enumerable.Range(i, Math.Min(atOnce, to - i)).Select(n => new RoomMove($"user-{n}", "device", Join(n)))]);
                }
            }
        })));
    }

    private static RoomJoin Join(int i) => new($"user-{i}", "device", "life", null, false, new(PresenceStatus.Online, PresenceStatus.Online, i + 1));

    /// <summary>What it costs to write the members behind, when nobody joins any more.</summary>
    private static async Task MeasureSavingAsync()
    {
        var (cpu, allocated) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes());
        await Task.Delay(Settling);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"after that, a second: {(Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / Settling.TotalSeconds:N1} ms of CPU, "
            + $"{(GC.GetTotalAllocatedBytes() - allocated) / Settling.TotalSeconds / 1000:N0} KB allocated"));
    }

    private sealed class NoSink : IPresenceSink
    {
        public ValueTask DeliverAsync(SinkBatch batch) => ValueTask.CompletedTask;
    }
}
