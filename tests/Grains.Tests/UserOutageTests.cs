using Presence.Grains.Rules.Users;
using Xunit;

namespace Presence.Grains.Tests;

/// <summary>Users while their store does not answer, has lost what was written, or belongs to another activation.</summary>
public sealed class UserOutageTests(TimedCluster cluster) : IClassFixture<TimedCluster>, IAsyncLifetime
{
    private readonly string _id = Guid.NewGuid().ToString("N");

    private string UserId => $"user {_id}";

    private string Life => $"life {_id}";

    private string Watcher => $"watcher {_id}";

    private IUserPresenceGrain User => cluster.User(UserId);

    private PresenceStatus? StoredStatus => cluster.Storage.Read<UserState>(User)?.Claims.FirstOrDefault()?.Status;

    [Fact]
    public async Task Outage_AUserInMemory_GoesOnIsPublishedAndStoredWhenTheStoreIsBack()
    {
        await ConnectAsync();
        cluster.Storage.IsOut = true;

        Assert.Equal(PresenceStatus.Busy, (await SetStatusAsync(PresenceStatus.Busy)).Shown);
        Assert.Equal(PresenceStatus.Dnd, (await SetStatusAsync(PresenceStatus.Dnd)).Shown);
        var published = await cluster.Transport.WaitAsync<PresenceChanged>(Watcher, e => e.Public?.Status == PresenceStatus.Dnd);
        Assert.Null(StoredStatus);

        cluster.Storage.IsOut = false;
        await cluster.UntilAsync(() => Task.FromResult(StoredStatus == PresenceStatus.Dnd));
        await cluster.Cluster.DeactivateAsync(User);
        var after = await User.GetAsync();
        Assert.Equal(PresenceStatus.Dnd, after.Status);
        Assert.True(after.Version > published.Public!.Version);
        Assert.True(cluster.Sessions.Has(Life, UserId));
    }

    [Fact]
    public async Task Outage_TheStoreHangs_AUserInMemoryGoesOnAndTheLateWriteDoesNoHarm()
    {
        await ConnectAsync();
        var hanging = new TaskCompletionSource();
        cluster.Storage.BeforeWrite[UserId] = () => hanging.Task;

        var choice = SetStatusAsync(PresenceStatus.Dnd).AsTask();
        await cluster.UntilAsync(() => Task.FromResult(choice.IsCompleted));
        Assert.Equal(PresenceStatus.Dnd, (await choice).Shown);
        Assert.Equal(PresenceStatus.Busy, (await SetStatusAsync(PresenceStatus.Busy)).Shown);

        cluster.Storage.BeforeWrite.Clear();
        hanging.SetResult();
        await cluster.UntilAsync(() => Task.FromResult(StoredStatus == PresenceStatus.Busy));
        await cluster.Cluster.DeactivateAsync(User);
        Assert.Equal(PresenceStatus.Busy, (await User.GetAsync()).Status);
    }

    [Fact]
    public async Task Outage_VersionsReservedAreUsedUp_TheNextIsRefusedAndNothingAboveIsPublished()
    {
        await ConnectAsync();
        var ceiling = cluster.Storage.Read<UserState>(User)!.PublicVersion.Ceiling;
        cluster.Storage.IsOut = true;

        var changes = 0;
        await Assert.ThrowsAsync<PresenceUnavailableException>(async () =>
        {
            while (true)
            {
                await SetStatusAsync(changes % 2 == 0 ? PresenceStatus.Busy : PresenceStatus.Dnd);
                changes++;
            }
        });

        Assert.InRange(changes, 1, VersionCounter.Reserve);
        var shown = await User.GetAsync();
        Assert.True(shown.Version < ceiling);
        Assert.DoesNotContain(cluster.Transport.Changes(Watcher, UserId), change => change.Public!.Version >= ceiling);
    }

    [Fact]
    public async Task Outage_ANewUser_IsRefusedAndUnseen()
    {
        await User.WatchAsync(Watcher, known: 0);
        cluster.Storage.IsOut = true;

        await Assert.ThrowsAsync<PresenceUnavailableException>(ConnectAsync);

        cluster.Storage.IsOut = false;
        Assert.Equal(0, (await User.GetAsync()).Version);
        Assert.Empty(cluster.Transport.Changes(Watcher, UserId));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Write_TheStoreHasLostEarlierOnes_TakesItOver(bool isAllLost)
    {
        await ConnectAsync();
        var copy = cluster.Storage.Copy(User);
        await SetStatusAsync(PresenceStatus.Busy);
        await SetStatusAsync(PresenceStatus.Away);
        var before = await User.GetAsync();
        cluster.Storage.Lose(User, isAllLost ? null : copy);

        Assert.Equal(PresenceStatus.Dnd, (await SetStatusAsync(PresenceStatus.Dnd)).Shown);

        Assert.Equal(PresenceStatus.Dnd, StoredStatus);
        await cluster.Cluster.DeactivateAsync(User);
        var after = await User.GetAsync();
        Assert.Equal(PresenceStatus.Dnd, after.Status);
        Assert.True(after.Version > before.Version);
    }

    [Fact]
    public async Task Write_AnotherActivationHasWritten_ThisOneEndsAndTheOtherCounts()
    {
        await ConnectAsync();
        var other = new UserStore();
        await other.ReadAsync(cluster.Storage, User.GetGrainId());
        var theirs = StatusRules.SetStatus(
            ConnectionRules.Activated(other.State), new(Connection, PresenceStatus.Busy, false, null), cluster.Clock.GetUtcNow(), 0, Limits);
        await other.WriteAsync(cluster.Storage, User.GetGrainId(), theirs.Next);

        await Assert.ThrowsAsync<PresenceUnavailableException>(() => SetStatusAsync(PresenceStatus.Dnd).AsTask());

        var shown = await User.GetAsync();
        Assert.Equal(PresenceStatus.Busy, shown.Status);
        Assert.True(shown.Version > theirs.Next.PublicVersion.Value);
        Assert.DoesNotContain(cluster.Transport.Changes(Watcher, UserId), change => change.Public?.Status == PresenceStatus.Dnd);
        Assert.Equal(PresenceStatus.Away, (await SetStatusAsync(PresenceStatus.Away)).Shown);
    }

    [Fact]
    public async Task Outage_AnotherActivationWroteMeanwhile_ThisOneEndsWhenTheStoreIsBack()
    {
        await ConnectAsync();
        var other = new UserStore();
        await other.ReadAsync(cluster.Storage, User.GetGrainId());
        cluster.Storage.BeforeWrite[UserId] = () => throw new IOException("Only the other one reaches the store.");
        await SetStatusAsync(PresenceStatus.Dnd);
        cluster.Storage.BeforeWrite.Clear();
        var theirs = StatusRules.SetStatus(
            ConnectionRules.Activated(other.State), new(Connection, PresenceStatus.Busy, false, null), cluster.Clock.GetUtcNow(), 0, Limits);
        await other.WriteAsync(cluster.Storage, User.GetGrainId(), theirs.Next);

        await cluster.UntilAsync(async () => (await User.GetAsync()).Status == PresenceStatus.Busy);

        Assert.Equal(PresenceStatus.Busy, StoredStatus);
    }

    public Task InitializeAsync()
    {
        cluster.Begin(Watcher);
        return Task.CompletedTask;
    }

    public Task DisposeAsync()
    {
        // The silos try their store again after a second.
        cluster.Storage.IsOut = false;
        cluster.Clock.Advance(TimeSpan.FromSeconds(2));
        return Task.CompletedTask;
    }

    private string Connection => $"c1 {_id}";

    private UserLimits Limits => new(20, 1_000_000, TimeSpan.FromMilliseconds(1), cluster.Settings.Claims);

    private async Task ConnectAsync() => await User.ConnectAsync(new(Connection, Life, new("device", DeviceType.Web, null)));

    private ValueTask<SetStatusResult> SetStatusAsync(PresenceStatus status) =>
        User.SetStatusAsync(new(Connection, status, ForUser: true, ExpiresAt: null));
}
