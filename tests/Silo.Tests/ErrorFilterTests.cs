using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Storage;
using Orleans.TestingHost;
using Presence.Grains;
using Presence.Grains.Settings;
using Presence.Silo.Cluster;
using Presence.Silo.Redis;

namespace Presence.Silo.Tests;

/// <summary>No client is sent an error whose type it may not have: its connection stood still for seconds over each.</summary>
public sealed class ErrorFilterTests : IAsyncLifetime
{
    private readonly Storage _storage = new();
    private readonly InProcessTestCluster _cluster;

    public ErrorFilterTests() => _cluster = Build();

    [Fact]
    public async Task Activation_WhoseStorageFails_TellsTheClientThatItIsUnavailable()
    {
        _storage.Fails = true;

        // Orleans puts its own error around that of a state it reads itself.
        var error = await Assert.ThrowsAnyAsync<OrleansException>(() => BeatAsync("life").AsTask());
        Assert.IsType<PresenceUnavailableException>(error.InnerException);
        Assert.True(ErrorFilter.IsForClients(error));
        await Assert.ThrowsAsync<PresenceUnavailableException>(() => _cluster.Client.GetGrain<IRoomGrain>("room").GetAsync().AsTask());

        _storage.Fails = false;
        Assert.NotNull(await _cluster.Client.GetGrain<IRoomGrain>("room").GetAsync());
    }

    [Fact]
    public async Task Call_ThatFailsInALibraryOfTheSilo_TellsTheClientThatItIsUnavailable() =>
        await Assert.ThrowsAsync<PresenceUnavailableException>(() => BeatAsync("another life").AsTask());

    [Fact]
    public async Task ConflictOfWrites_StaysWhatItIs()
    {
        var storage = new GuardedStorage(_storage, NullLogger.Instance);

        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ClearStateAsync("state", default, new GrainState<int>()));
    }

    public static TheoryData<bool, Exception> Errors { get; } = new()
    {
        { true, new TimeoutException("error") },
        { true, new PresenceUnavailableException("error", new SiloUnavailableException("cause")) },
        { true, new AggregateException(new TimeoutException(), new OrleansException("error")) },
        { false, new StackExchange.Redis.RedisException("error") },
        { false, new OrleansException("error", new ForeignException("cause")) },
        { false, new AggregateException(new TimeoutException(), new ForeignException("error")) },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public void IsForClients_IsWhatEveryClientCanLoad(bool expected, Exception error) => Assert.Equal(expected, ErrorFilter.IsForClients(error));

    public Task InitializeAsync() => _cluster.DeployAsync();

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    private ValueTask<BeatResult> BeatAsync(string life) =>
        _cluster.Client.GetGrain<IGatewayGrain>(life).BeatAsync(new(IsFirst: true, Observer: null));

    private InProcessTestCluster Build()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddPresenceSilo();
            silo.AddIncomingGrainCallFilter<ErrorFilter>();
            silo.Services.AddKeyedSingleton<IGrainStorage>("presence", new GuardedStorage(_storage, NullLogger.Instance));
            silo.UseInMemoryReminderService();
            silo.Services.AddSingleton<IReminderTable, Reminders>();
            silo.Services.AddSingleton<ISinkTransport, ClusterTransport>();
            silo.Services.AddSingleton<ISessionList, NoSessions>();
            silo.Services.Configure<PresenceClusterOptions>(options => options.Transport = SinkTransport.Observer);
        });
        return builder.Build();
    }

    /// <summary>Of a library that clients do not have.</summary>
    private sealed class ForeignException(string message) : Exception(message);

    private sealed class Storage : IGrainStorage
    {
        public bool Fails { get; set; }

        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
            Fails ? Task.FromException(new ForeignException("read")) : Task.CompletedTask;

        public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
            Fails ? Task.FromException(new ForeignException("write")) : Task.CompletedTask;

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
            Task.FromException(new InconsistentStateException("Somebody else wrote."));
    }

    private sealed class Reminders : IReminderTable
    {
        public Task<ReminderTableData> ReadRows(GrainId grainId) => Task.FromResult(new ReminderTableData());

        public Task<ReminderTableData> ReadRows(uint begin, uint end) => Task.FromResult(new ReminderTableData());

        public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) => Task.FromResult<ReminderEntry?>(null);

        public Task<string?> UpsertRow(ReminderEntry entry) => throw new ForeignException("upsert");

        public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) => Task.FromResult(true);

        public Task TestOnlyClearTable() => Task.CompletedTask;
    }
}
