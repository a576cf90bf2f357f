using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Orleans.Configuration;
using Orleans.Reminders;
using Orleans.Runtime.Hosting;
using Orleans.Serialization;
using Orleans.TestingHost;
using Presence.Grains.Settings;
using Xunit;

namespace Presence.Grains.Tests;

/// <summary>Two silos that bridge outages of their store, as in production, and whose grains have a clock that tests set.</summary>
public sealed class TimedCluster : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TestReminderTable _reminders = new();
    private InProcessTestCluster? _cluster;

    public InProcessTestCluster Cluster => _cluster!;

    /// <summary>Of grains and their timers. Orleans' own affairs have the real time.</summary>
    public FakeTimeProvider Clock { get; } = new(DateTimeOffset.UtcNow);

    /// <summary>Of reminders, which stand still unless a test says otherwise.</summary>
    public FakeTimeProvider Reminders { get; } = new(DateTimeOffset.UtcNow);

    public RecordingTransport Transport { get; } = new() { MayLose = true };

    public TestSessionList Sessions { get; } = new();

    /// <summary>One for both silos, as a store is, with a serializer that outlives them.</summary>
    public TestStorage Storage { get; } = new(new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>());

    public PresenceOptions Settings { get; } = new() { MaxStatusChangesPer10s = 1_000_000, LastSeenStep = TimeSpan.FromMilliseconds(1) };

    /// <summary>Whether leases hear nothing of the registry, so that only their reminder can wake them.</summary>
    public bool IsRegistryDumb { get; set; }

    public IUserPresenceGrain User(string userId) => Cluster.Client.GetGrain<IUserPresenceGrain>(userId);

    public IGatewayGrain Gateway(string life) => Cluster.Client.GetGrain<IGatewayGrain>(life);

    /// <summary>The sink is known to every silo.</summary>
    public void Begin(string sink)
    {
        foreach (var silo in Cluster.Silos)
        {
            Cluster.GetSiloServiceProvider(silo.SiloAddress).GetRequiredService<ISinkDirectory>().Begin(sink, observer: null);
        }
    }

    /// <summary>The silo that a grain is on.</summary>
    public async Task<SiloAddress?> WhereAsync(IAddressable grain) =>
        await Cluster.Client.GetGrain<IManagementGrain>(0).GetActivationAddress(grain);

    /// <summary>Lets the grains' time pass, second after second, until what is awaited has happened.</summary>
    public Task UntilAsync(Func<Task<bool>> hasHappened) => UntilAsync(hasHappened, () => Clock.Advance(TimeSpan.FromSeconds(1)));

    /// <summary>Waits until what is awaited has happened.</summary>
    /// <param name="hasHappened">Asked every 10 ms.</param>
    /// <param name="between">Done between two questions.</param>
    public static async Task UntilAsync(Func<Task<bool>> hasHappened, Action between)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!await hasHappened())
        {
            between();
            await timer.WaitForNextTickAsync(patience.Token);
        }
    }

    public async Task InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton<TimeProvider>(Clock);
            silo.Services.UseTimeProviderForBackgroundAreas(TimeProvider.System);
            silo.Services.AddKeyedSingleton<TimeProvider>(ReminderTimeProviderNames.Reminders, Reminders);
            silo.Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = TimeSpan.FromSeconds(3));
            silo.AddReminders();
            silo.Services.AddSingleton<IReminderTable>(_reminders);
            silo.Services.AddPresenceGrains();
            silo.Services.AddPresenceSinkRegistry();
            silo.Services.AddSingleton(new StoreOutage(IsBridged: true));
            silo.Services.AddSingleton<ISinkTransport>(Transport);
            silo.Services.AddSingleton<ISessionList>(Sessions);
            silo.Services.AddSingleton<IOnlineList>(new TestOnlineList());
            silo.Services.AddGrainStorage("presence", (_, _) => Storage);
            silo.AddIncomingGrainCallFilter(context =>
                IsRegistryDumb && context.MethodName == nameof(IGatewayGrain.CheckAsync) ? Task.CompletedTask : context.Invoke());
            silo.Services.AddSingleton(Microsoft.Extensions.Options.Options.Create(Settings));
        });
        builder.ConfigureClient(client =>
            client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = TimeSpan.FromSeconds(3)));
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
}
