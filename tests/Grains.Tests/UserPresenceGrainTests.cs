using System.Collections.Concurrent;
using Xunit;

namespace Presence.Grains.Tests;

[Collection(ClusterFixture.Shared.Name)]
public class UserPresenceGrainTests(ClusterFixture cluster)
{
    private readonly string _id = Guid.NewGuid().ToString("N");

    private string UserId => $"user {_id}";

    private string Life => $"life {_id}";

    private string Watcher => $"watcher {_id}";

    private IUserPresenceGrain User => cluster.User(UserId);

    [Fact]
    public async Task Watch_WhileChangesGoOn_NothingFallsBetweenSnapshotAndEvents()
    {
        await ConnectAsync("c1");
        using var stop = new CancellationTokenSource();
        var changing = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                await SetStatusAsync("c1", i % 2 == 0 ? PresenceStatus.Busy : PresenceStatus.Dnd);
            }
        });

        for (var i = 0; i < 20; i++)
        {
            var sink = $"{Watcher} {i}";
            var snapshot = (await User.WatchAsync(sink, known: 0)).Presence!;
            await cluster.Transport.WaitAsync<PresenceChanged>(sink, e => e.Public?.Version >= snapshot.Version + 3);
            await User.UnwatchAsync(sink);

            var versions = cluster.Transport.Changes(sink, UserId).Select(e => e.Public!.Version).ToArray();
            Assert.Equal(Enumerable.Range(1, versions.Length).Select(n => snapshot.Version + n), versions);
        }

        await stop.CancelAsync();
        await changing;
    }

    [Fact]
    public async Task Change_BeforeItIsWritten_IsSeenByNobody()
    {
        cluster.Sinks.Begin(Watcher, observer: null);
        await User.WatchAsync(Watcher, known: 0);
        var (isWriting, mayWrite) = (new TaskCompletionSource(), new TaskCompletionSource());
        cluster.Storage.BeforeWrite[UserId] = () =>
        {
            isWriting.TrySetResult();
            return mayWrite.Task;
        };

        var connecting = ConnectAsync("c1");
        await isWriting.Task.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.True(cluster.Sessions.Has(Life, UserId));
        Assert.Equal(new UserPresence(UserId, PresenceStatus.Offline, null, 0), await User.GetAsync());
        Assert.False(connecting.IsCompleted);
        Assert.Empty(cluster.Transport.Changes(Watcher, UserId));

        mayWrite.SetResult();
        var result = await connecting;
        var change = await cluster.Transport.WaitAsync<PresenceChanged>(Watcher, e => e.UserId == UserId);
        Assert.Equal(result.Public, change.Public);
        Assert.Equal(result.Public, await User.GetAsync());
    }

    [Fact]
    public async Task Write_Fails_CallerHearsItAndTheStoredStateCounts()
    {
        await ConnectAsync("c1");
        cluster.Sinks.Begin(Watcher, observer: null);
        await User.WatchAsync(Watcher, known: 0);
        cluster.Storage.BeforeWrite[UserId] = () => throw new IOException("The disk is full.");

        await Assert.ThrowsAsync<PresenceUnavailableException>(() => SetStatusAsync("c1", PresenceStatus.Busy).AsTask());

        cluster.Storage.BeforeWrite.Remove(UserId, out _);
        Assert.Equal(PresenceStatus.Online, (await User.GetAsync()).Status);
        Assert.Equal(PresenceStatus.Dnd, (await SetStatusAsync("c1", PresenceStatus.Dnd)).Shown);
        Assert.DoesNotContain(cluster.Transport.Changes(Watcher, UserId), e => e.Public?.Status == PresenceStatus.Busy);
    }

    [Fact]
    public async Task Activation_AfterTheGrainLeftMemory_StateIsThereAndVersionsDoNotFall()
    {
        await ConnectAsync("c1");
        var before = (await SetStatusAsync("c1", PresenceStatus.Dnd), Public: await User.GetAsync());

        await cluster.Cluster.DeactivateAsync(User);

        var after = await User.GetAsync();
        Assert.Equal(before.Public with { Version = after.Version }, after);
        Assert.True(after.Version > before.Public.Version);
        Assert.Equal(PresenceStatus.Dnd, (await ConnectAsync("c1")).Presence.Status);
    }

    [Fact]
    public async Task Connect_OnAnotherGateway_OldGatewayHearsAndOthersDoNot()
    {
        await ConnectAsync("c1");
        cluster.Sinks.Begin(Watcher, observer: null);
        await User.WatchAsync(Watcher, known: 0);

        await User.ConnectAsync(new($"c2 {_id}", $"{Life} b", new("device", DeviceType.Web, null)));

        await cluster.Transport.WaitAsync<ConnectionReplaced>(Life, e => e.ConnectionId == $"c1 {_id}");
        Assert.False(cluster.Sessions.Has(Life, UserId));
        Assert.True(cluster.Sessions.Has($"{Life} b", UserId));
        Assert.Empty(cluster.Transport.Changes(Watcher, UserId));
    }

    [Fact]
    public async Task Invisible_OnlyOwnGatewayHears()
    {
        await ConnectAsync("c1");
        cluster.Sinks.Begin(Watcher, observer: null);
        await User.WatchAsync(Watcher, known: 0);
        await SetStatusAsync("c1", PresenceStatus.Invisible);
        await User.ConnectAsync(new($"other {_id}", Life, new("other", DeviceType.Mobile, null)));

        var own = await cluster.Transport.WaitAsync<PresenceChanged>(Life, e => e.Own?.Devices.Length == 2);

        Assert.Null(own.Public);
        Assert.Equal(PresenceStatus.Invisible, own.Own!.Status);
        var seen = Assert.Single(cluster.Transport.Changes(Watcher, UserId));
        Assert.Equal(PresenceStatus.Offline, seen.Public!.Status);
        Assert.Null(seen.Own);
    }

    [Fact]
    public async Task Claim_AtItsExpiry_WatchersHearWithoutACall()
    {
        await ConnectAsync("c1");
        cluster.Sinks.Begin(Watcher, observer: null);
        await User.WatchAsync(Watcher, known: 0);
        await User.SetStatusAsync(new($"c1 {_id}", PresenceStatus.Busy, false, DateTimeOffset.UtcNow.AddMilliseconds(500)));

        var busy = await cluster.Transport.WaitAsync<PresenceChanged>(Watcher, e => e.Public?.Status == PresenceStatus.Busy);
        var lapsed = await cluster.Transport.WaitAsync<PresenceChanged>(Watcher, e => e.Public?.Status == PresenceStatus.Online);

        Assert.Equal(busy.Public!.Version + 1, lapsed.Public!.Version);
    }

    [Fact]
    public async Task SetStatus_SameAgain_WritesNothing()
    {
        await ConnectAsync("c1");
        var writes = new ConcurrentQueue<bool>();
        cluster.Storage.BeforeWrite[UserId] = () =>
        {
            writes.Enqueue(true);
            return Task.CompletedTask;
        };

        await SetStatusAsync("c1", PresenceStatus.Busy);
        await SetStatusAsync("c1", PresenceStatus.Busy);

        Assert.Single(writes);
    }

    private async Task<ConnectResult> ConnectAsync(string connection) =>
        await User.ConnectAsync(new($"{connection} {_id}", Life, new("device", DeviceType.Web, null)));

    private ValueTask<SetStatusResult> SetStatusAsync(string connection, PresenceStatus status) =>
        User.SetStatusAsync(new($"{connection} {_id}", status, ForUser: false, ExpiresAt: null));
}
