using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime.Hosting;
using Orleans.Serialization;
using Orleans.TestingHost;
using Presence.Grains.Settings;
using Xunit;

namespace Presence.Grains.Tests;

/// <summary>One silo for all grain tests; each test has users and lives of its own.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    public static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(300);

    private InProcessTestCluster? _cluster;

    public InProcessTestCluster Cluster => _cluster!;

    public RecordingTransport Transport { get; } = new();

    public TestSessionList Sessions { get; } = new();

    public TestOnlineList Online { get; } = new();

    public TestStorage Storage { get; private set; } = null!;

    public ISinkDirectory Sinks =>
        Cluster.GetSiloServiceProvider(Cluster.Silos[0].SiloAddress).GetRequiredService<ISinkDirectory>();

    public IUserPresenceGrain User(string userId) => Cluster.Client.GetGrain<IUserPresenceGrain>(userId);

    public IGatewayGrain Gateway(string life) => Cluster.Client.GetGrain<IGatewayGrain>(life);

    public async Task InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.UseInMemoryReminderService();
            silo.Services.AddPresenceGrains();
            silo.Services.AddSingleton<ISinkTransport>(Transport);
            silo.Services.AddSingleton<ISessionList>(Sessions);
            silo.Services.AddSingleton<IOnlineList>(Online);
            silo.Services.AddGrainStorage("presence", (services, _) => Storage = new(services.GetRequiredService<Serializer>()));
            silo.Services.Configure<PresenceOptions>(settings =>
            {
                settings.GracePeriod = Grace;
                settings.LeaseDuration = TimeSpan.FromSeconds(1.5);
                settings.LastSeenStep = TimeSpan.FromMilliseconds(1);
                settings.MaxStatusChangesPer10s = 100_000;
                settings.UpdateWindow = TimeSpan.FromMilliseconds(100);
                settings.TypingExpiry = TimeSpan.FromMilliseconds(400);
            });
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async Task DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    [CollectionDefinition(Name)]
    public sealed class Shared : ICollectionFixture<ClusterFixture>
    {
        public const string Name = "cluster";
    }
}
