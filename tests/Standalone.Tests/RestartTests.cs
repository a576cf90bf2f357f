using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Presence.Grains;
using Presence.Grains.Settings;
using Presence.Grains.Sinks;
using Presence.Standalone.Hosting;
using Presence.Standalone.Tests.Storage;
using Xunit;

namespace Presence.Standalone.Tests;

public sealed class RestartTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Restart_UserDoesNotComeBack_IsShownOfflineAfterTheGracePeriod()
    {
        var before = await ConnectAndStopAsync();
        var sink = new Sink("ann", PresenceStatus.Offline);
        await using var program = Program(_folder.DataFilePath, sink);
        await program.StartAsync();

        var snapshot = await User(program).WatchAsync("second-life", known: 0);
        if (snapshot.Presence!.Status != PresenceStatus.Offline)
        {
            await sink.Seen.WaitAsync(Limit);
        }

        var after = await User(program).GetAsync();
        Assert.Equal((PresenceStatus.Online, PresenceStatus.Offline), (before.Status, after.Status));
        Assert.True(after.Version > before.Version);
        await program.StopAsync();
    }

    [Fact]
    public async Task Start_WithoutADataFile_KeepsNothing()
    {
        await using var program = Program("", new Sink("ann", PresenceStatus.Online));
        await program.StartAsync();
        await ConnectAsync(program);

        Assert.Equal(PresenceStatus.Online, (await User(program).GetAsync()).Status);
        await program.StopAsync();
        Assert.False(File.Exists(_folder.DataFilePath));
    }

    private async Task<UserPresence> ConnectAndStopAsync()
    {
        await using var program = Program(_folder.DataFilePath, new Sink("ann", PresenceStatus.Online));
        await program.StartAsync();
        await ConnectAsync(program);
        var presence = await User(program).GetAsync();
        await program.StopAsync();
        return presence;
    }

    private static async Task ConnectAsync(WebApplication program)
    {
        await program.Services.GetRequiredService<IGrainFactory>().GetGrain<IGatewayGrain>("first-life").BeatAsync(new(IsFirst: true, Observer: null));
        var result = await User(program).ConnectAsync(new("connection", "first-life", new("device", DeviceType.Web, null)));
        Assert.Equal(Refusal.None, result.Refusal);
    }

    private static IUserPresenceGrain User(WebApplication program) =>
        program.Services.GetRequiredService<IGrainFactory>().GetGrain<IUserPresenceGrain>("ann");

    private static WebApplication Program(string dataFile, Sink sink)
    {
        var builder = WebApplication.CreateBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.AddPresenceStandalone(new() { DataFile = dataFile });
        builder.Services.Configure<PresenceOptions>(options => options.GracePeriod = TimeSpan.FromMilliseconds(200));
        var program = builder.Build();
        program.Services.GetRequiredService<ISinkSubscription>().SubscribeAsync("second-life", sink);
        return program;
    }

    /// <summary>Stands for the gateway: waits for one status of one user.</summary>
    private sealed class Sink(string userId, PresenceStatus status) : IPresenceSink
    {
        private readonly TaskCompletionSource _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Seen => _seen.Task;

        public ValueTask DeliverAsync(SinkBatch batch)
        {
            if (batch.Events.OfType<PresenceChanged>().Any(change => change.UserId == userId && change.Public?.Status == status))
            {
                _seen.TrySetResult();
            }

            return ValueTask.CompletedTask;
        }
    }
}
