using Presence.Gateway.Protocol;
using Presence.Gateway.Tests.Delivery;
using Presence.Grains;
using Xunit;

namespace Presence.Gateway.Tests.Sessions;

/// <summary>A lease or a silo that was lost: the sockets are the truth, so whoever is here is announced again until the owners have heard.</summary>
public sealed class RecoveryTests : RecoveryFixture
{
    [Fact]
    public async Task Renew_TheLeaseHolds_NobodyIsAnnouncedAgain()
    {
        Connect("alice");
        var beats = 0;
        Owners.Beat = _ => ++beats > 0;

        await RenewUntilAsync(() => beats >= 3);

        Assert.Empty(Owners.Of("alice").Connects);
    }

    [Fact]
    public async Task Renew_TheLeaseIsLost_EverybodyIsAnnouncedOnceUnderTheNewLife()
    {
        var old = Identity.Life;
        foreach (var user in new[] { "alice", "bob" })
        {
            Connect(user);
        }

        var beats = 0;
        Owners.Beat = life => life != old && ++beats > 0;
        await RenewUntilAsync(() => beats >= 4 && !Owners.Of("alice").Connects.IsEmpty && !Owners.Of("bob").Connects.IsEmpty);

        foreach (var user in new[] { "alice", "bob" })
        {
            var request = Assert.Single(Owners.Of(user).Connects);
            Assert.Equal(Identity.Life, request.Life);
            Assert.Equal("connection of " + user, request.ConnectionId);
        }

        Assert.NotEqual(old, Identity.Life);
    }

    [Fact]
    public async Task Renew_TheFirstBeatOfTheNewLifeFails_EverybodyIsAnnouncedAfterTheNext()
    {
        var old = Identity.Life;
        Connect("alice");
        var failures = 2;
        Owners.Beat = life => life != old && (failures-- <= 0 ? true : throw new TimeoutException());

        await RenewUntilAsync(() => !Owners.Of("alice").Connects.IsEmpty);

        Assert.Equal(Identity.Life, Owners.Of("alice").Connects.First().Life);
    }

    [Fact]
    public async Task Renew_AnOwnerDoesNotHear_IsToldAgain()
    {
        var old = Identity.Life;
        Connect("alice");
        Owners.Of("alice").FailingConnects = 2;
        Owners.Beat = life => life != old;

        await RenewUntilAsync(() => Owners.Of("alice").Connects.Count >= 3);

        // The clock runs as fast as the machine lets it: another life may have begun by now.
        Assert.All(Owners.Of("alice").Connects, request => Assert.NotEqual(old, request.Life));
    }

    [Fact]
    public async Task Enter_TheLeaseIsLostMeanwhile_TheDeviceIsAnnouncedUnderTheNewLife()
    {
        var old = Identity.Life;
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Owners.Of("alice").ConnectGate = gate.Task;
        var connection = Open("alice");
        var entering = SignIn.EnterAsync(connection, new("alice", null, null, null), new("tab", DeviceType.Web, null), false, default).AsTask();

        var beats = 0;
        Owners.Beat = life => life != old && ++beats > 0;
        await RenewUntilAsync(() => beats >= 2);
        gate.SetResult();
        Assert.Null(await entering.WaitAsync(Patience));

        Assert.Equal([old, Identity.Life], Owners.Of("alice").Connects.Select(request => request.Life));
    }

    [Fact]
    public async Task Renew_AClientIsSilentSinceTheLeaseWasLost_IsNotAnnounced()
    {
        var old = Identity.Life;
        Connect("alice");
        Connect("bob", isThere: false);
        var beats = 0;
        Owners.Beat = life => life != old && ++beats > 0;

        await RenewUntilAsync(() => beats >= 4 && !Owners.Of("alice").Connects.IsEmpty);

        Assert.Empty(Owners.Of("bob").Connects);
    }

    [Fact]
    public async Task Recover_ASocketIsBeingClosed_IsNotAnnounced()
    {
        Connect("alice");
        Connect("bob").End(CloseCodes.HeartbeatTimeout);

        await Recovery.RecoverAsync(FakeOwnerGrain.Silo, isSilent: false, default);

        Assert.Single(Owners.Of("alice").Connects);
        Assert.Empty(Owners.Of("bob").Connects);
    }

    [Fact]
    public async Task Recover_ASocketEndsBeforeItsOwnerHasAnswered_ItsOwnerIsToldOnceMore()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Owners.Of("alice").ConnectGate = gate.Task;
        var connection = Connect("alice");
        var recovering = Recovery.RecoverAsync(FakeOwnerGrain.Silo, isSilent: false, default);
        await RenewUntilAsync(() => !Owners.Of("alice").Connects.IsEmpty);

        End(connection);
        gate.SetResult();
        await recovering.WaitAsync(Patience);

        await RenewUntilAsync(() => Owners.Of("alice").Disconnects.Contains(connection.Id));
    }

    [Fact]
    public async Task Recover_ThisProcessWasPaused_WhoProvesToBeHereIsAnnouncedAndNobodyElse()
    {
        Connect("alice");
        var bob = Connect("bob", isThere: false);
        Pause(TimeSpan.FromSeconds(10));

        var recovering = Recovery.RecoverAsync(FakeOwnerGrain.Silo, isSilent: false, default);
        Assert.Empty(Owners.Of("alice").Connects);
        await RenewUntilAsync(() => !Owners.Of("alice").Connects.IsEmpty);
        End(bob);
        await RenewUntilAsync(() => recovering.IsCompleted);

        Assert.Single(Owners.Of("alice").Connects);
        Assert.Empty(Owners.Of("bob").Connects);
    }
}
