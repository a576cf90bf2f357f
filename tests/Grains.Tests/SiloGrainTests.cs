using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Orleans.TestingHost;
using Presence.Grains.Settings;
using Xunit;

namespace Presence.Grains.Tests;

/// <summary>A silo crashes itself where its own environment is Development, whoever asks.</summary>
public sealed class SiloGrainTests : IAsyncLifetime
{
    private readonly HostingEnvironment _environment = new();
    private readonly InProcessTestCluster _cluster;
    private int _crashes;

    public SiloGrainTests() => _cluster = Build();

    private ISiloGrain Silo
    {
        get
        {
            var address = _cluster.Silos[0].SiloAddress;
            return _cluster.Client.GetGrain<ISiloGrain>($"{address.Endpoint}@{address.Generation}");
        }
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    [InlineData("")]
    public async Task Crash_OutsideDevelopment_IsRefused(string environment)
    {
        _environment.EnvironmentName = environment;

        await Silo.CrashAsync();

        // Calls are taken in their order.
        Assert.False(await Silo.MayCrashAsync());
        Assert.Equal(0, _crashes);
        var grain = new SiloGrain(_environment, new(() => _crashes++));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(async () => await grain.CrashAsync());
        Assert.Equal(0, _crashes);
    }

    [Fact]
    public async Task Crash_InDevelopment_IsDone()
    {
        _environment.EnvironmentName = "Development";

        Assert.True(await Silo.MayCrashAsync());
        await Silo.CrashAsync();

        await Poll.UntilAsync(() => Volatile.Read(ref _crashes) == 1);
    }

    public Task InitializeAsync() => _cluster.DeployAsync();

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    private InProcessTestCluster Build()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.UseInMemoryReminderService();
            silo.Services.AddSingleton(new Crash(() => Interlocked.Increment(ref _crashes)));
            silo.Services.AddPresenceGrains();
            silo.Services.AddSingleton<IHostEnvironment>(_environment);
            silo.Services.AddSingleton<ISinkTransport, RecordingTransport>();
            silo.Services.AddSingleton<ISessionList, TestSessionList>();
            silo.Services.AddSingleton<IOnlineList, TestOnlineList>();
            silo.AddMemoryGrainStorage("presence");
            silo.Services.AddOptions<PresenceOptions>();
        });
        return builder.Build();
    }
}
