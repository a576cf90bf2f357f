using Presence.Grains.Rules.Users;
using Xunit;

namespace Presence.Grains.Tests.Rules.Users;

public class SaidRulesTests
{
    private const string Reading = """{"type":"viewing"}""";

    private static readonly DateTimeOffset Noon = History.Noon;
    private static readonly string Phone = History.ConnectionId(0, 0);
    private static readonly string Laptop = History.ConnectionId(1, 0);

    [Fact]
    public void CustomStatus_AtItsEnd_IsGoneAndOthersSeeThat()
    {
        var said = SaidRules.SetCustomStatus(Online(), new("Lunch", "🍕", Noon.AddMinutes(30)), Noon);

        Assert.True(said is { PublicChanged: true, OwnChanged: true });
        Assert.Equal(new("Lunch", "🍕", Noon.AddMinutes(30)), Public(said.Next).Said?.Custom);
        Assert.Equal(Noon.AddMinutes(30), StatusRules.NextExpiry(said.Next));
        Assert.False(StatusRules.Expire(said.Next, Noon.AddMinutes(30).AddTicks(-1)).HasChanged);
        var over = StatusRules.Expire(said.Next, Noon.AddMinutes(30));
        Assert.True(over is { PublicChanged: true, OwnChanged: true, Next.Said: null });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(141)]
    public void CustomStatus_EmptyOrTooLong_Throws(int length) =>
        Assert.Throws<ArgumentException>(() => SaidRules.SetCustomStatus(Online(), new(new('x', length), null, null), Noon));

    [Fact]
    public void WhatIsSaid_WhileOffline_IsKeptAndSeenByNobodyElse()
    {
        var said = SaidRules.SetMetadata(Said(Online()), """{"a":1}""", Noon).Next;

        var gone = ConnectionRules.Disconnect(said, Phone, Noon, Noon).Next;

        Assert.Null(Public(gone).Said);
        Assert.Equal(new("Lunch", null, null), Views.Own(gone, "ada").Said?.Custom);
        Assert.False(SaidRules.SetMetadata(gone, """{"a":2}""", Noon).PublicChanged);
        Assert.Equal(new Said(new("Lunch", null, null), null, """{"a":1}"""), Public(Connected(gone, 0)).Said);
    }

    [Fact]
    public void WhatIsSaid_WhileInvisible_ChangesNothingThatOthersSee()
    {
        var hidden = StatusRules.SetStatus(Online(), new(Phone, PresenceStatus.Invisible, false, null), Noon, 0, History.Limits).Next;
        var before = Public(hidden);

        var said = SaidRules.SetActivity(Said(hidden), Phone, Reading, null, Noon);

        Assert.True(said is { PublicChanged: false, OwnChanged: true });
        Assert.Equal(before, Public(said.Next));
    }

    [Fact]
    public void Activity_EndsWithItsDeviceAndNotWithAnother()
    {
        var both = Connected(Online(), 1);
        var reading = SaidRules.SetActivity(both, Laptop, Reading, null, Noon).Next;

        Assert.Equal(Reading, Public(ConnectionRules.Disconnect(reading, Phone, Noon, Noon).Next).Said?.Activity);
        var step = ConnectionRules.Disconnect(reading, Laptop, Noon, Noon);
        Assert.True(step is { PublicChanged: true, Next.Said: null });
        Assert.Equal(Step.Unchanged(reading), SaidRules.SetActivity(reading, Phone, null, null, Noon));
        Assert.Null(SaidRules.SetActivity(reading, Laptop, null, null, Noon).Next.Said);
    }

    [Fact]
    public void Activity_OverAReturn_Stays()
    {
        var reading = SaidRules.SetActivity(Online(), Phone, Reading, null, Noon).Next;

        var step = ConnectionRules.Connect(
            reading, new(History.ConnectionId(0, 1), "life 1", new("device 0", DeviceType.Web, null)), Noon, History.Limits);

        Assert.Equal(Reading, Public(step.Next).Said?.Activity);
    }

    [Fact]
    public void Activity_ThatGoesOn_LastsLongerAndNobodySeesAChange()
    {
        var first = SaidRules.SetActivity(Online(), Phone, Reading, TimeSpan.FromSeconds(3), Noon).Next;

        var longer = SaidRules.SetActivity(first, Phone, Reading, TimeSpan.FromSeconds(3), Noon.AddSeconds(2));

        Assert.True(longer is { HasChanged: true, PublicChanged: false, OwnChanged: false });
        Assert.False(StatusRules.Expire(longer.Next, Noon.AddSeconds(4)).HasChanged);
        Assert.True(StatusRules.Expire(longer.Next, Noon.AddSeconds(5)) is { PublicChanged: true, Next.Said: null });
    }

    [Fact]
    public void SetActivity_UnknownConnection_IsRefused() => Assert.Equal(
        Step.Unchanged(UserState.NeverSeen, Refusal.UnknownConnection),
        SaidRules.SetActivity(UserState.NeverSeen, Phone, Reading, null, Noon));

    [Theory]
    [InlineData(PresenceStatus.Online, PresenceStatus.Online)]
    [InlineData(PresenceStatus.Idle, PresenceStatus.Online)]
    [InlineData(PresenceStatus.Away, PresenceStatus.Away)]
    public void Hidden_ThenShown_OnlyWhatThePersonSaidStays(PresenceStatus before, PresenceStatus after)
    {
        var device = Set(Online(), before);

        var hidden = VisibilityRules.SetHidden(device, Phone, isHidden: true, Noon).Next;
        var shown = VisibilityRules.SetHidden(hidden, Phone, isHidden: false, Noon).Next;

        Assert.Equal(PresenceStatus.Away, Public(hidden).Status);
        Assert.Equal(after, Public(shown).Status);
    }

    [Fact]
    public void Hidden_ThePersonSaysAway_StaysAwayWhenShown()
    {
        var hidden = VisibilityRules.SetHidden(Online(), Phone, isHidden: true, Noon).Next;

        var chosen = Set(hidden, PresenceStatus.Away);

        Assert.Equal(Step.Unchanged(chosen), VisibilityRules.SetHidden(chosen, Phone, isHidden: false, Noon));
    }

    [Fact]
    public void Hidden_WithAChoice_TheChoiceStays()
    {
        var busy = Set(Online(), PresenceStatus.Busy);

        var hidden = VisibilityRules.SetHidden(busy, Phone, isHidden: true, Noon);
        var shown = VisibilityRules.SetHidden(hidden.Next, Phone, isHidden: false, Noon);

        Assert.False(hidden.PublicChanged || shown.PublicChanged);
        Assert.Equal(PresenceStatus.Busy, Public(shown.Next).Status);
    }

    [Theory]
    [InlineData(PresenceStatus.Idle)]
    [InlineData(PresenceStatus.Offline)]
    public void Choose_WhatIsNotChosen_Throws(PresenceStatus status) =>
        Assert.Throws<ArgumentException>(() => StatusRules.Choose(Online(), status, null, Noon, History.Limits));

    [Fact]
    public void Choose_AndTakeBack_LeavesTheDevicesAsTheyAre()
    {
        var idle = Set(Online(), PresenceStatus.Idle);

        var dnd = StatusRules.Choose(idle, PresenceStatus.Dnd, Noon.AddHours(1), Noon, History.Limits).Next;

        Assert.Equal(new Explanation("manual", PresenceStatus.Dnd, null, Noon.AddHours(1)), Views.Explain(dnd));
        Assert.Equal(
            PresenceStatus.Idle, Public(StatusRules.Choose(dnd, PresenceStatus.Online, null, Noon, History.Limits).Next).Status);
    }

    [Fact]
    public void SignOut_AllDevicesGoAtOnceAndProveNoLife()
    {
        var step = ConnectionRules.SignOut(Connected(Online(), 1), Noon.AddMinutes(1));

        Assert.Empty(step.Next.Devices);
        Assert.Equal(new UserPresence("ada", PresenceStatus.Offline, Noon, 2), Public(step.Next));
        Assert.Equal(Step.Unchanged(step.Next), ConnectionRules.SignOut(step.Next, Noon));
    }

    private static UserState Said(UserState state) => SaidRules.SetCustomStatus(state, new("Lunch", null, null), Noon).Next;

    private static UserState Set(UserState state, PresenceStatus status) =>
        StatusRules.SetStatus(state, new(Phone, status, ForUser: false, ExpiresAt: null), Noon, 0, History.Limits).Next;

    private static UserPresence Public(UserState state) => Views.Public(state, "ada", History.Limits);

    private static UserState Online() => Connected(UserState.NeverSeen, 0);

    private static UserState Connected(UserState state, int device) => ConnectionRules.Connect(
        state, new(History.ConnectionId(device, 0), "life 0", new($"device {device}", DeviceType.Web, null)), Noon, History.Limits).Next;
}
