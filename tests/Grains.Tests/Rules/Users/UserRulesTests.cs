using Presence.Grains.Rules.Users;
using Xunit;

namespace Presence.Grains.Tests.Rules.Users;

public class UserRulesTests
{
    private static readonly DateTimeOffset Noon = History.Noon;
    private static readonly UserLimits Limits = new(
        MaxDevices: 2, MaxChangesPer10s: 2, LastSeenStep: TimeSpan.FromMinutes(1), History.Limits.ClaimPriorities);
    private static readonly Device Phone = new("phone", DeviceType.Mobile, "Ada's");
    private static readonly Device Laptop = new("laptop", DeviceType.Desktop, null);
    private static readonly Device Tab = new("tab", DeviceType.Web, null);

    [Fact]
    public void NeverSeen_AnybodyAsks_OfflineWithoutLastSeenOrVersion() =>
        Assert.Equal(
            new UserPresence("ada", PresenceStatus.Offline, null, 0),
            Views.Public(ConnectionRules.Activated(UserState.NeverSeen), "ada", Limits));

    [Fact]
    public void Connect_FirstDeviceOfALife_IsListedUnderIt()
    {
        var first = Connect(UserState.NeverSeen, "c1", "life 1", Phone, Noon);
        var second = Connect(first.Next, "c2", "life 1", Laptop, Noon);

        Assert.Equal("life 1", first.JoinedLife);
        Assert.Null(second.JoinedLife);
        Assert.True(first.CameOnline && first.PublicChanged && first.OwnChanged);
        Assert.True(second is { CameOnline: false, PublicChanged: false, OwnChanged: true });
    }

    [Fact]
    public void Connect_SameDevice_TakesThePlaceUnseen()
    {
        var idle = Set(Connected(Phone), "phone 1", PresenceStatus.Idle, Noon).Next;

        var step = Connect(idle, "phone 2", "life 2", Phone, Noon.AddSeconds(5));

        Assert.True(step is { HasChanged: true, PublicChanged: false, OwnChanged: false, JoinedLife: "life 2", LeftLife: "life 1" });
        Assert.Equal("phone 1", step.Replaced?.ConnectionId);
        Assert.Equal(
            new DeviceState(Phone, PresenceStatus.Idle, Noon.UtcTicks, "phone 2", "life 2", Order: 2), Assert.Single(step.Next.Devices));
    }

    [Fact]
    public void Connect_OneDeviceTooMany_IsRefused()
    {
        var full = Connected(Phone, Laptop);

        Assert.Equal(Step.Unchanged(full, Refusal.TooManyConnections), Connect(full, "c3", "life 1", Tab, Noon));
        Assert.Equal(Refusal.None, Connect(full, "phone 2", "life 1", Phone, Noon).Refusal);
    }

    [Fact]
    public void Disconnect_LastDevice_LastSeenIsTheLastProofOfLife()
    {
        var step = ConnectionRules.Disconnect(Connected(Phone), "phone 1", Noon.AddSeconds(95), Noon.AddSeconds(120));

        Assert.Equal("life 1", step.LeftLife);
        Assert.Equal(new UserPresence("ada", PresenceStatus.Offline, Noon.AddMinutes(1), 2), Views.Public(step.Next, "ada", Limits));
        Assert.Equal(Noon.AddSeconds(95), Views.Own(step.Next, "ada").LastSeen);
    }

    [Theory]
    [InlineData(-3600, 0)]
    [InlineData(60, 60)]
    [InlineData(3600, 120)]
    public void LoseConnections_LastBeat_IsNeverBeforeTheConnectionNorAfterNow(int beat, int lastSeen)
    {
        var step = ConnectionRules.LoseConnections(Connected(Phone), "life 1", Noon.AddSeconds(beat), Noon.AddSeconds(120));

        Assert.Equal(Noon.AddSeconds(lastSeen), Views.Public(step.Next, "ada", Limits).LastSeen);
        Assert.Equal(PresenceStatus.Offline, Views.Status(step.Next, Viewer.Others));
    }

    [Fact]
    public void LoseConnections_OneDeviceCameBackElsewhere_OnlyTheOthersGo()
    {
        var back = Connect(Connected(Phone, Laptop), "phone 2", "life 2", Phone, Noon).Next;

        var step = ConnectionRules.LoseConnections(back, "life 1", Noon, Noon.AddSeconds(10));

        Assert.Equal("phone 2", Assert.Single(step.Next.Devices).ConnectionId);
        Assert.True(step is { PublicChanged: false, LeftLife: "life 1" });
    }

    [Fact]
    public void Claim_AtItsExpiry_LapsesAndTheNextOneShows()
    {
        var end = Noon.AddMinutes(5);
        var step = StatusRules.SetStatus(Connected(Phone), new("phone 1", PresenceStatus.Busy, false, end), Noon, 0, Limits);
        var meeting = ClaimRules.Set(step.Next, new("calendar", PresenceStatus.Away, "Meeting", end.AddMinutes(5)), Noon, Limits).Next;

        Assert.Equal(end, StatusRules.NextExpiry(meeting));
        Assert.False(StatusRules.Expire(meeting, end.AddTicks(-1)).HasChanged);
        var lapsed = StatusRules.Expire(meeting, end);
        Assert.Equal(PresenceStatus.Away, Views.Status(lapsed.Next, Viewer.Others));
        Assert.Equal(end.AddMinutes(5), StatusRules.NextExpiry(lapsed.Next));
        Assert.Equal(PresenceStatus.Online, Views.Status(StatusRules.Expire(lapsed.Next, end.AddMinutes(5)).Next, Viewer.Others));
    }

    [Fact]
    public void Invisible_Lapses_UserComesIntoSightNow()
    {
        var end = Noon.AddMinutes(5);
        var hidden = StatusRules.SetStatus(Connected(Phone), new("phone 1", PresenceStatus.Invisible, false, end), Noon, 0, Limits).Next;

        var step = StatusRules.Expire(hidden, end);

        Assert.True(step.CameOnline);
        Assert.Equal(new UserPresence("ada", PresenceStatus.Online, end, 3), Views.Public(step.Next, "ada", Limits));
    }

    [Fact]
    public void NextExpiry_NoDevice_NobodyHasToLook()
    {
        var busy = StatusRules.SetStatus(Connected(Phone), new("phone 1", PresenceStatus.Busy, false, Noon.AddHours(1)), Noon, 0, Limits);

        var alone = ConnectionRules.Disconnect(busy.Next, "phone 1", Noon, Noon).Next;

        Assert.Null(StatusRules.NextExpiry(alone));
        Assert.Single(alone.Claims);
    }

    [Fact]
    public void SetStatus_AwayOfOneDevice_LeavesTheOtherToShow()
    {
        var both = Connected(Phone, Laptop);

        Assert.Equal(PresenceStatus.Online, Views.Status(Set(both, "phone 1", PresenceStatus.Away, Noon).Next, Viewer.Others));
        var forUser = StatusRules.SetStatus(both, new("phone 1", PresenceStatus.Away, ForUser: true, null), Noon, 0, Limits).Next;
        Assert.Equal(PresenceStatus.Away, Views.Status(forUser, Viewer.Others));
    }

    [Fact]
    public void SetStatus_MoreOftenThanAllowed_IsRefusedUntilTheBucketHoldsOneAgain()
    {
        var first = Set(Connected(Phone), "phone 1", PresenceStatus.Busy, Noon);
        var repeated = Set(first.Next, "phone 1", PresenceStatus.Busy, Noon, first.UsedUntil);
        var second = Set(first.Next, "phone 1", PresenceStatus.Dnd, Noon, first.UsedUntil);
        var third = Set(second.Next, "phone 1", PresenceStatus.Online, Noon.AddSeconds(1), second.UsedUntil);
        var later = Set(second.Next, "phone 1", PresenceStatus.Online, Noon.AddSeconds(5), second.UsedUntil);

        Assert.Equal(Step.Unchanged(first.Next), repeated);
        Assert.True(second.HasChanged);
        Assert.Equal((Refusal.RateLimited, TimeSpan.FromSeconds(4), false), (third.Refusal, third.RetryAfter, third.HasChanged));
        Assert.True(later.HasChanged);
    }

    [Fact]
    public void SetStatus_HeldOnTheWayAndOvertaken_ChangesNothing()
    {
        var online = Set(Connected(Phone), "phone 1", PresenceStatus.Online, Noon, number: 2);
        var late = Set(online.Next, "phone 1", PresenceStatus.Busy, Noon, number: 1);
        var next = Set(online.Next, "phone 1", PresenceStatus.Busy, Noon, number: 3);

        Assert.False(online.HasChanged);
        Assert.Equal(Step.Unchanged(online.Next), late);
        Assert.True(next.HasChanged);
        Assert.Equal(next.Next, Set(next.Next, "phone 1", PresenceStatus.Busy, Noon, number: 3).Next);
    }

    [Fact]
    public void SetStatus_OfTheConnectionThatTookThePlace_CountsAnew()
    {
        var state = Set(Connected(Phone), "phone 1", PresenceStatus.Busy, Noon, number: 7).Next;

        var again = Connect(state, "phone 2", "life 1", Phone, Noon).Next;

        Assert.True(Set(again, "phone 2", PresenceStatus.Dnd, Noon.AddSeconds(10), number: 1).HasChanged);
    }

    [Fact]
    public void SetStatus_Offline_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Set(Connected(Phone), "phone 1", PresenceStatus.Offline, Noon));

    private static Step Connect(UserState state, string connectionId, string life, Device device, DateTimeOffset now) =>
        ConnectionRules.Connect(state, new(connectionId, life, device), now, Limits);

    private static Step Set(UserState state, string connectionId, PresenceStatus status, DateTimeOffset now, long usedUntil = 0, long number = 0) =>
        StatusRules.SetStatus(state, new(connectionId, status, ForUser: false, ExpiresAt: null) { Number = number }, now, usedUntil, Limits);

    private static UserState Connected(params Device[] devices) => devices.Aggregate(
        UserState.NeverSeen, (state, device) => Connect(state, $"{device.Id} 1", "life 1", device, Noon).Next);
}
