using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using Presence.Grains;
using Presence.Grains.Settings;
using Presence.Silo.Cluster;

namespace Presence.Silo.Tests;

public sealed class CallerFilterTests : IAsyncLifetime
{
    private readonly InProcessTestCluster _cluster = Build();

    [Fact]
    public async Task Call_ByAClientOfWhatIsForSilos_IsRefused()
    {
        var registry = _cluster.Client.GetGrain<ISinkRegistryGrain>(0);

        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => registry.ReadAsync(0).AsTask());
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => registry.EndAsync("sink").AsTask());
    }

    [Fact]
    public async Task Call_BySilosAndTheirGrains_IsAdmitted()
    {
        var silo = _cluster.GetSiloServiceProvider(_cluster.Silos[0].SiloAddress).GetRequiredService<IGrainFactory>();
        var registry = silo.GetGrain<ISinkRegistryGrain>(0);

        // A client may call the lease, and the lease the registry.
        Assert.True((await _cluster.Client.GetGrain<IGatewayGrain>("life").BeatAsync(new(IsFirst: true, Observer: null))).IsAlive);

        Assert.Contains((await registry.ReadAsync(0))!.Live, entry => entry.Sink == "life");
    }

    [Fact]
    public async Task Call_ByAClientOfWhatIsForClients_IsAdmitted()
    {
        var silo = _cluster.Silos[0].SiloAddress;

        Assert.Null(await _cluster.Client.GetGrain<IOutboxGrain>($"{silo.Endpoint}@{silo.Generation}").ReplayAsync("sink", 1, 2));
        Assert.IsType<bool>(await _cluster.Client.GetGrain<ISiloGrain>($"{silo.Endpoint}@{silo.Generation}").MayCrashAsync());
    }

    public Task InitializeAsync() => _cluster.DeployAsync();

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    private static InProcessTestCluster Build()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddPresenceSilo();
            silo.AddIncomingGrainCallFilter<CallerFilter>();
            silo.AddMemoryGrainStorage("presence");
            silo.UseInMemoryReminderService();
            silo.Services.AddSingleton<ISinkTransport, ClusterTransport>();
            silo.Services.AddSingleton<ISessionList, NoSessions>();
            silo.Services.Configure<PresenceClusterOptions>(options => options.Transport = SinkTransport.Observer);
        });
        return builder.Build();
    }
}
