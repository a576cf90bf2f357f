using Xunit;

namespace Presence.Grains.Tests;

/// <summary>A sink holds a newer version than the owner: the store has lost what was published.</summary>
public sealed class UserDoubtTests(TimedCluster cluster) : IClassFixture<TimedCluster>
{
    private const long Known = 5_000;

    private readonly string _id = Guid.NewGuid().ToString("N");

    private string UserId => $"user {_id}";

    private string Watcher => $"watcher {_id}";

    private TimeSpan Period => cluster.Settings.LeaseDuration + cluster.Settings.GracePeriod;

    private IUserPresenceGrain User => cluster.User(UserId);

    [Fact]
    public async Task Watch_TheUserIsOffline_KeepsWhatTheSinkShowsUntilEveryGatewayCouldHaveSpoken()
    {
        cluster.Begin(Watcher);
        Assert.Null((await User.WatchAsync(Watcher, Known)).Presence);
        cluster.Clock.Advance(Period - TimeSpan.FromTicks(1));
        Assert.Null((await User.WatchAsync(Watcher, Known)).Presence);
        Assert.Empty(cluster.Transport.Changes(Watcher, UserId));

        cluster.Clock.Advance(TimeSpan.FromTicks(1));

        var change = await cluster.Transport.WaitAsync<PresenceChanged>(Watcher, e => e.UserId == UserId);
        Assert.Equal(PresenceStatus.Offline, change.Public!.Status);
        Assert.True(change.Public.Version > Known);
    }

    [Fact]
    public async Task Watch_TheUserIsOfflineButItsGatewaySpeaks_NobodyIsShownItOffline()
    {
        cluster.Begin(Watcher);
        await User.WatchAsync(Watcher, Known);

        var result = await ConnectAsync(order: 3);
        cluster.Clock.Advance(Period);
        await User.SetStatusAsync(new($"c1 {_id}", PresenceStatus.Busy, ForUser: true, ExpiresAt: null));
        await cluster.Transport.WaitAsync<PresenceChanged>(Watcher, e => e.UserId == UserId && e.Public?.Status == PresenceStatus.Busy);

        Assert.True(result.Public.Version > Known);
        Assert.Equal(
            [PresenceStatus.Online, PresenceStatus.Busy],
            cluster.Transport.Changes(Watcher, UserId).Select(change => change.Public!.Status));
    }

    [Fact]
    public async Task Watch_TheUserIsOnline_IsOverruledAtOnce()
    {
        cluster.Begin(Watcher);
        await ConnectAsync(order: 0);

        var shown = (await User.WatchAsync(Watcher, Known)).Presence!;

        Assert.Equal(PresenceStatus.Online, shown.Status);
        Assert.True(shown.Version > Known);
        await cluster.Transport.WaitAsync<PresenceChanged>(Watcher, e => e.UserId == UserId && e.Public == shown);
    }

    private async Task<ConnectResult> ConnectAsync(long order) =>
        await User.ConnectAsync(new($"c1 {_id}", $"life {_id}", new("device", DeviceType.Web, null)) { Order = order });
}
