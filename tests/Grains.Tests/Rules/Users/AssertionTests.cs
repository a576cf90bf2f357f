using Presence.Grains.Rules.Users;
using Xunit;

namespace Presence.Grains.Tests.Rules.Users;

/// <summary>Connections that their gateways say again are there, after a silo, a lease or what was stored is lost.</summary>
public class AssertionTests
{
    private static readonly Device Tab = new("tab", DeviceType.Web, null);

    private UserState _state = UserState.NeverSeen;

    [Fact]
    public void Assert_OfAConnectionThatIsCurrent_ChangesNothing()
    {
        var order = Connect("c1");

        Assert.Equal(Step.Unchanged(_state), Apply(Again("c1", order)));
    }

    [Fact]
    public void Assert_UnderANewLife_MovesTheConnection()
    {
        var order = Connect("c1");

        var step = Adopt(Again("c1", order) with { Life = "new life" });

        Assert.Equal(("new life", "c1", order), (_state.Devices[0].Life, _state.Devices[0].ConnectionId, _state.Devices[0].Order));
        Assert.Equal(("new life", "life"), (step.JoinedLife, step.LeftLife));
        Assert.False(step.PublicChanged || step.OwnChanged);
    }

    [Fact]
    public void Assert_ANewerConnectionOfTheDeviceIsThere_IsRefused()
    {
        var order = Connect("c1");
        Connect("c2");

        Assert.Equal(Step.Unchanged(_state, Refusal.Replaced), Apply(Again("c1", order)));
    }

    [Fact]
    public void Assert_AnOlderConnectionOfTheDeviceIsThere_TakesItsPlace()
    {
        Connect("c1");
        var kept = _state;
        var order = Connect("c2");
        _state = kept;

        var step = Adopt(Again("c2", order));

        Assert.Equal("c1", step.Replaced!.ConnectionId);
        Assert.Equal(("c2", order), (_state.Devices[0].ConnectionId, ConnectionRules.Order(_state, "c2")));
    }

    [Fact]
    public void Assert_TheDeviceIsUnknown_JoinsWithItsOwnStatusAboveWhatWasSeen()
    {
        var step = Adopt(Again("c1", order: 40) with { DeviceStatus = PresenceStatus.Away, KnownVersion = 70, KnownOwnVersion = 90 });

        Assert.True(step.CameOnline);
        Assert.Equal(PresenceStatus.Away, Assert.Single(_state.Devices).Status);
        Assert.Equal((71, 91), (_state.PublicVersion.Value, _state.OwnVersion.Value));
        Assert.True(Connect("c2") > 40);
    }

    [Theory]
    [InlineData("life")]
    [InlineData("new life")]
    public void Assert_AChangeThatWasSeenIsLost_WhatIsLeftGetsAHigherVersion(string life)
    {
        var order = Connect("c1");
        var kept = _state;
        _state = StatusRules.SetStatus(_state, new("c1", PresenceStatus.Busy, false, null), History.Noon, 0, History.Limits).Next;
        var seen = (Public: _state.PublicVersion.Value, Own: _state.OwnVersion.Value);
        _state = kept;

        var request = Again("c1", order) with { Life = life, KnownVersion = seen.Public, KnownOwnVersion = seen.Own };
        var step = Adopt(request);

        Assert.True(step.HasChanged && step.PublicChanged && step.OwnChanged);
        Assert.Equal((seen.Public + 1, seen.Own + 1), (_state.PublicVersion.Value, _state.OwnVersion.Value));
        Assert.Equal(Step.Unchanged(_state), Apply(request));
    }

    private static ConnectRequest Again(string connection, long order) => new(connection, "life", Tab) { Order = order };

    private Step Apply(ConnectRequest request) => ConnectionRules.Connect(_state, request, History.Noon, History.Limits);

    private Step Adopt(ConnectRequest request)
    {
        var step = Apply(request);
        _state = step.Next;
        return step;
    }

    private long Connect(string connection)
    {
        Adopt(new(connection, "life", Tab));
        return ConnectionRules.Order(_state, connection);
    }
}
