using Xunit;

namespace Presence.Grains.Tests;

[Collection(ClusterFixture.Shared.Name)]
public class GatewayGrainTests(ClusterFixture cluster)
{
    private readonly string _id = Guid.NewGuid().ToString("N");

    private string Life => $"life {_id}";

    private string Watcher => $"watcher {_id}";

    private IGatewayGrain Gateway => cluster.Gateway(Life);

    private async Task<bool> BeatAsync(bool isFirst = false) => (await Gateway.BeatAsync(new(isFirst, null))).IsAlive;

    [Fact]
    public async Task End_AfterGrace_UsersWhoAreNotBackGoOfflineWithTheLastBeat()
    {
        await ConnectAsync("gone", Life);
        await ConnectAsync("back", Life);
        var before = DateTimeOffset.UtcNow;
        Assert.True(await BeatAsync(isFirst: true));
        var after = DateTimeOffset.UtcNow;

        await Gateway.EndAsync();
        var back = await ConnectAsync("back", $"{Life} b");
        Assert.Equal(PresenceStatus.Online, (await User("gone").GetAsync()).Status);
        var offline = await OfflineAsync("gone");

        Assert.InRange(offline.LastSeen!.Value, before.AddMilliseconds(-1), after);
        Assert.False(await BeatAsync());
        await cluster.Gateway(Life).EndAsync();
        Assert.Equal(back.Public, await User("back").GetAsync());
        Assert.False(cluster.Sessions.Has(Life, UserId("gone")));
        Assert.True(cluster.Sessions.Has($"{Life} b", UserId("back")));
    }

    [Fact]
    public async Task Lease_NotRenewed_UsersGoOffline()
    {
        await ConnectAsync("gone", Life);
        await BeatAsync(isFirst: true);

        await OfflineAsync("gone");

        Assert.False(await BeatAsync());
    }

    [Fact]
    public async Task Grace_GrainLeavesMemory_GoesOnWhenItIsBack()
    {
        await ConnectAsync("gone", Life);
        await BeatAsync(isFirst: true);
        await Gateway.EndAsync();
        await cluster.Cluster.DeactivateAsync(Gateway);

        Assert.False(await BeatAsync());

        await OfflineAsync("gone");
    }

    [Fact]
    public async Task Loss_OneUserCannotBeReached_IsToldAgain()
    {
        // The failed write ends the activation: the next one knows the watcher from the directory alone.
        cluster.Sinks.Begin(Watcher, observer: null);
        await ConnectAsync("gone", Life);
        await BeatAsync(isFirst: true);
        var failures = 0;
        cluster.Storage.BeforeWrite[UserId("gone")] = () =>
            ++failures <= 2 ? throw new IOException("The disk is full.") : Task.CompletedTask;

        await Gateway.EndAsync();

        await OfflineAsync("gone");
        Assert.Equal(3, failures);
    }

    [Fact]
    public async Task Beat_IsStored_AndEndOutlastsTheGrain()
    {
        await BeatAsync(isFirst: true);
        Assert.True(cluster.Storage.Has(Gateway));
        await cluster.Cluster.DeactivateAsync(Gateway);
        Assert.True(await BeatAsync(isFirst: true));

        await Gateway.EndAsync();
        await cluster.Cluster.DeactivateAsync(Gateway);

        Assert.False(await BeatAsync());
    }

    private string UserId(string name) => $"{name} {_id}";

    private IUserPresenceGrain User(string name) => cluster.User(UserId(name));

    private async Task<ConnectResult> ConnectAsync(string name, string life)
    {
        cluster.Sinks.Begin(Watcher, observer: null);
        await User(name).WatchAsync(Watcher, known: 0);
        return await User(name).ConnectAsync(new($"{name} on {life}", life, new("device", DeviceType.Web, null)));
    }

    private async Task<UserPresence> OfflineAsync(string name)
    {
        var change = await cluster.Transport.WaitAsync<PresenceChanged>(
            Watcher, e => e.UserId == UserId(name) && e.Public?.Status == PresenceStatus.Offline);
        return change.Public!;
    }
}
