using Xunit;

namespace Presence.Grains.Tests;

/// <summary>Claims that servers set, through the grain.</summary>
[Collection(ClusterFixture.Shared.Name)]
public class ClaimTests(ClusterFixture cluster)
{
    private readonly string _id = Guid.NewGuid().ToString("N");

    private string Watcher => $"watcher {_id}";

    private IUserPresenceGrain User => cluster.User($"user {_id}");

    [Fact]
    public async Task HigherClaim_AtItsExpiry_TheLowerOneIsShownWithoutACall()
    {
        await ConnectAsync();
        cluster.Sinks.Begin(Watcher, observer: null);
        await User.WatchAsync(Watcher, known: 0);

        Assert.Equal(Refusal.None, await User.SetClaimAsync(new("calendar", PresenceStatus.Busy, "Meeting", null)));
        Assert.Equal(
            Refusal.None, await User.SetClaimAsync(new("call", PresenceStatus.Dnd, null, DateTimeOffset.UtcNow.AddMilliseconds(500))));

        var call = await cluster.Transport.WaitAsync<PresenceChanged>(Watcher, e => e.Public?.Status == PresenceStatus.Dnd);
        var meeting = await cluster.Transport.WaitAsync<PresenceChanged>(
            Watcher, e => e.Public?.Version > call.Public!.Version && e.Public.Status == PresenceStatus.Busy);
        Assert.Equal(call.Public!.Version + 1, meeting.Public!.Version);
        Assert.Equal("Meeting", (await User.ExplainAsync()).Text);

        Assert.Equal(Refusal.None, await User.RemoveClaimAsync("calendar"));
        Assert.Equal(PresenceStatus.Online, (await User.GetAsync()).Status);
    }

    [Fact]
    public async Task Claim_SetBeforeTheUserEverCame_ShowsWithTheFirstDeviceAlsoAfterTheGrainLeftMemory()
    {
        await User.SetClaimAsync(new("bot", PresenceStatus.Away, null, null));
        Assert.Equal(PresenceStatus.Offline, (await User.GetAsync()).Status);
        await cluster.Cluster.DeactivateAsync(User);

        Assert.Equal(PresenceStatus.Away, (await ConnectAsync()).Public.Status);
    }

    [Fact]
    public async Task SourceThatIsNotForServers_IsRefusedAndStoresNothing()
    {
        Assert.Equal(Refusal.UnknownSource, await User.SetClaimAsync(new("manual", PresenceStatus.Busy, null, null)));
        Assert.Equal(Refusal.UnknownSource, await User.RemoveClaimAsync("unheard of"));
        Assert.False(cluster.Storage.Has(User));
    }

    [Fact]
    public async Task StatusThatCannotBeClaimed_IsThrownToTheCaller() =>
        await Assert.ThrowsAsync<ArgumentException>(
            () => User.SetClaimAsync(new("call", PresenceStatus.Online, null, null)).AsTask());

    private ValueTask<ConnectResult> ConnectAsync() =>
        User.ConnectAsync(new($"c1 {_id}", $"life {_id}", new("device", DeviceType.Web, null)));
}
