using Presence.Grains.Sinks;
using Xunit;

namespace Presence.Grains.Tests;

/// <summary>A gateway and the silo of its lease are lost together: its users go offline all the same, after lease and grace.</summary>
[Collection(Alone)]
public sealed class LostSiloTests : IAsyncLifetime
{
    private const string Alone = "alone";

    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);

    private readonly TimedCluster _cluster = new();

    [Fact]
    public async Task Lease_ItsSiloIsGone_TheReminderTakesUsersOffline()
    {
        _cluster.IsRegistryDumb = true;
        var life = await BeginAsync();
        await LoseSiloAsync(life);

        await TimedCluster.UntilAsync(() => IsOfflineAsync(life), () =>
        {
            _cluster.Clock.Advance(TimeSpan.FromSeconds(1));
            _cluster.Reminders.Advance(ReminderPeriod);
        });
        Assert.False(_cluster.Sessions.Has(life, UserOf(life)));
    }

    [Fact]
    public async Task Lease_ItsSiloIsGone_TheRegistryWakesItWithoutAReminder()
    {
        var life = await BeginAsync();
        await LoseSiloAsync(life);
        var began = _cluster.Clock.GetUtcNow();

        await _cluster.UntilAsync(() => IsOfflineAsync(life));

        Assert.True(_cluster.Clock.GetUtcNow() - began >= _cluster.Settings.GracePeriod);
    }

    [Fact]
    public async Task Lease_ItsSiloDidNotRun_IsNotTakenForLost()
    {
        var life = await BeginAsync();

        _cluster.Clock.Advance(_cluster.Settings.LeaseDuration * 2);

        Assert.True((await _cluster.Gateway(life).BeatAsync(new(IsFirst: false, Observer: null))).IsAlive);
        Assert.False(await IsOfflineAsync(life));
    }

    public Task InitializeAsync() => _cluster.InitializeAsync();

    public Task DisposeAsync() => _cluster.DisposeAsync();

    /// <summary>A cluster that loses a silo counts seconds: not beside a property test that takes every core.</summary>
    [CollectionDefinition(Alone, DisableParallelization = true)]
    public sealed class Group;

    private static string UserOf(string life) => $"user of {life}";

    private async Task<bool> IsOfflineAsync(string life)
    {
        try
        {
            return (await _cluster.User(UserOf(life)).GetAsync()).Status == PresenceStatus.Offline;
        }
        catch (Exception e) when (SinkErrors.IsTemporary(e))
        {
            // The cluster has not got over the loss yet.
            return false;
        }
    }

    /// <summary>A life with one user.</summary>
    private async Task<string> BeginAsync()
    {
        var life = $"life {Guid.NewGuid():N}";
        Assert.True((await _cluster.Gateway(life).BeatAsync(new(IsFirst: true, Observer: null))).IsAlive);
        await _cluster.User(UserOf(life)).ConnectAsync(new("c1", life, new("device", DeviceType.Web, null)));
        return life;
    }

    private async Task LoseSiloAsync(string life)
    {
        var silo = await _cluster.WhereAsync(_cluster.Gateway(life));
        await _cluster.Cluster.KillSiloAsync(_cluster.Cluster.Silos.Single(s => s.SiloAddress.Equals(silo)));
        await _cluster.Cluster.WaitForLivenessToStabilizeAsync();
    }
}
