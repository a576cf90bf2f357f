using Presence.Grains.Rules.Gateways;
using Xunit;

namespace Presence.Grains.Tests.Rules.Gateways;

public class LeaseTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);
    private static readonly GatewayState Alive = new() { LastBeat = Noon.UtcTicks };
    private static readonly GatewayState Ended = Alive with { EndedAt = Noon.AddSeconds(15).UtcTicks };
    private static readonly GatewayState Done = Ended with { DoneAt = Noon.AddSeconds(25).UtcTicks };

    [Fact]
    public void Due_OfEachPhase_ComesExactlyAtItsEnd()
    {
        AssertTurns(Alive, Noon + LeaseDuration, LeaseAct.End);
        AssertTurns(Ended, Noon + LeaseDuration + Grace, LeaseAct.LoseConnections);
        AssertTurns(Done, Noon + LeaseDuration + Grace + Lease.Memory, LeaseAct.Forget);
    }

    [Fact]
    public void Due_AfterOurOwnAbsence_TheGatewayGetsAFullLease()
    {
        var back = Noon.AddHours(1);

        Assert.Equal(LeaseAct.Wait, Lease.Due(Alive, back, back + LeaseDuration - TimeSpan.FromTicks(1), LeaseDuration, Grace));
        Assert.Equal(LeaseAct.End, Lease.Due(Alive, back, back + LeaseDuration, LeaseDuration, Grace));
    }

    [Fact]
    public void Due_NoSuchLife_IsForgottenAtOnce() =>
        Assert.Equal(LeaseAct.Forget, Lease.Due(new(), Noon, Noon, LeaseDuration, Grace));

    private static void AssertTurns(GatewayState state, DateTimeOffset at, LeaseAct act)
    {
        Assert.Equal(LeaseAct.Wait, Lease.Due(state, Noon, at.AddTicks(-1), LeaseDuration, Grace));
        Assert.Equal(act, Lease.Due(state, Noon, at, LeaseDuration, Grace));
    }
}
