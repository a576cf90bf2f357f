using Presence.Grains.Rules.Users;
using Xunit;

namespace Presence.Grains.Tests.Rules.Users;

public class ClaimRulesTests
{
    private static readonly DateTimeOffset Noon = History.Noon;
    private static readonly PresenceClaim Bot = new("bot", PresenceStatus.Away, "Lunch", null);
    private static readonly PresenceClaim Call = new("call", PresenceStatus.Dnd, null, Noon.AddMinutes(30));

    [Theory]
    [InlineData("manual")]
    [InlineData("Call")]
    [InlineData("unheard of")]
    public void Set_SourceThatIsNotForServers_IsRefused(string source)
    {
        var online = Online();

        Assert.Equal(Step.Unchanged(online, Refusal.UnknownSource), Set(online, Call with { Source = source }));
        Assert.Equal(Step.Unchanged(online, Refusal.UnknownSource), ClaimRules.Remove(online, source, Noon, History.Limits));
    }

    [Theory]
    [InlineData(PresenceStatus.Offline)]
    [InlineData(PresenceStatus.Online)]
    [InlineData(PresenceStatus.Idle)]
    [InlineData((PresenceStatus)99)]
    public void Set_StatusThatCannotBeClaimed_Throws(PresenceStatus status) =>
        Assert.Throws<ArgumentException>(() => Set(Online(), Call with { Status = status }));

    [Fact]
    public void Set_TextTooLong_Throws()
    {
        Assert.True(Set(Online(), Call with { Text = new('x', 140) }).HasChanged);
        Assert.Throws<ArgumentException>(() => Set(Online(), Call with { Text = new('x', 141) }));
    }

    [Fact]
    public void Set_HigherOverLower_ShowsAndGivesItBackAtItsEnd()
    {
        var both = Set(Set(Online(), Call).Next, Bot);

        Assert.False(both.PublicChanged);
        Assert.Equal(new Explanation("call", PresenceStatus.Dnd, null, Call.ExpiresAt), Views.Explain(both.Next));
        Assert.Equal(Call.ExpiresAt, StatusRules.NextExpiry(both.Next));

        var lapsed = StatusRules.Expire(both.Next, Noon.AddMinutes(30));

        Assert.Equal(PresenceStatus.Away, Views.Status(lapsed.Next, Viewer.Others));
        Assert.Equal(new Explanation("bot", PresenceStatus.Away, null, null, "Lunch"), Views.Explain(lapsed.Next));
        var removed = ClaimRules.Remove(lapsed.Next, "bot", Noon.AddMinutes(30), History.Limits);
        Assert.Equal(PresenceStatus.Online, Views.Status(removed.Next, Viewer.Others));
    }

    [Fact]
    public void Set_ThatHasLapsed_EndsTheEarlierOne() =>
        Assert.Empty(Set(Set(Online(), Call).Next, Call with { ExpiresAt = Noon }).Next.Claims);

    [Fact]
    public void Set_IsNoProofOfLife() => Assert.Equal(Noon, Views.Own(
        ClaimRules.Set(Online(), Call, Noon.AddMinutes(5), History.Limits).Next, History.UserId).LastSeen);

    [Fact]
    public void Activated_SourcesConfiguredAnew_StandInTheirNewOrder()
    {
        var both = Set(Set(Online(), Call).Next, Bot).Next;
        var turned = History.Limits with { ClaimPriorities = new Dictionary<string, int> { ["manual"] = 100, ["bot"] = 90, ["call"] = 80 } };
        var callOnly = History.Limits with { ClaimPriorities = new Dictionary<string, int> { ["manual"] = 100, ["call"] = 80 } };

        Assert.Same(both, ClaimRules.Activated(both, Noon, History.Limits).Next);
        Assert.True(ClaimRules.Activated(both, Noon, turned) is { PublicChanged: true, Next.Claims: [{ Source: "bot" }, { Source: "call" }] });
        Assert.True(ClaimRules.Activated(both, Noon, callOnly) is { PublicChanged: false, Next.Claims: [{ Source: "call" }] });
    }

    private static Step Set(UserState state, PresenceClaim claim) => ClaimRules.Set(state, claim, Noon, History.Limits);

    private static UserState Online()
    {
        var history = new History();
        history.Adopt(history.Connect(device: 0, connection: 0));
        return history.State;
    }
}
