using System.Diagnostics;
using Presence.Grains;
using Presence.Grains.Settings;
using Presence.Grains.Sinks;
using Presence.Standalone;
using Presence.Standalone.Hosting;

namespace Presence.Benchmarks;

/// <summary>What a user costs its grain: the first connection, which activates it, and each status change after that. No sockets.</summary>
internal sealed class GrainBenchmark(int users, string dataFile)
{
    private const int Callers = 64;

    public async Task RunAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Environment.EnvironmentName = Environments.Development;
        builder.Configuration["urls"] = "http://127.0.0.1:0";
        var settings = PresenceSettings.Read(builder.Configuration, builder.Environment, typeof(PresenceOptions), typeof(StandaloneOptions));
        settings.Get<PresenceOptions>().MaxStatusChangesPer10s = int.MaxValue;
        builder.AddPresenceStandalone(new() { DataFile = dataFile });
        builder.Services.AddPresenceSettings(settings);
        await using var app = builder.Build();
        await app.StartAsync();

        var grains = app.Services.GetRequiredService<IGrainFactory>();
        await app.Services.GetRequiredService<ISinkSubscription>().SubscribeAsync("life", new NoSink());
        await grains.GetGrain<IGatewayGrain>("life").BeatAsync(new(IsFirst: true, Observer: null));
        var owners = Enumerable.Range(0, users).Select(i => grains.GetGrain<IUserPresenceGrain>($"u{i}")).ToArray();
        await MeasureAsync("first connections", i => owners[i].ConnectAsync(new($"c{i}", "life", new("d", DeviceType.Web, null))).AsTask());
        await MeasureAsync("status changes", i => owners[i].SetStatusAsync(new($"c{i}", PresenceStatus.Busy, false, null)).AsTask());
        await MeasureAsync("reads", i => owners[i].GetAsync().AsTask());
        await app.StopAsync();
    }

    private async Task MeasureAsync(string what, Func<int, Task> call)
    {
        var next = -1;
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            for (var i = Interlocked.Increment(ref next); i < users; i = Interlocked.Increment(ref next))
            {
                await call(i);
            }
        })));
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var used = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        Console.WriteLine($"{what,-18} {users / seconds,10:N0} a second, {used.TotalMicroseconds / users,7:N1} us of CPU each");
    }

    private sealed class NoSink : IPresenceSink
    {
        public ValueTask DeliverAsync(SinkBatch batch) => ValueTask.CompletedTask;
    }
}
