using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Presence.Gateway.Connections;
using Presence.Gateway.Sessions;
using Presence.Gateway.Tests.Delivery;
using Presence.Grains;
using Presence.Grains.Settings;
using Xunit;

namespace Presence.Gateway.Tests.Sessions;

/// <summary>An attempt to sign in failed and the next one on the same connection succeeds: what was left of the first must not undo it.</summary>
public sealed class DeparturesTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly PresenceOptions _options = new();
    private readonly TimingWheel _wheel;
    private readonly FakeOwners _owners;
    private readonly Departures _departures;

    public DeparturesTests()
    {
        (var grains, _owners) = FakeOwners.Make();
        _wheel = new(_clock, NullLogger<TimingWheel>.Instance);
        _departures = new(
            new(userId => grains.GetGrain<IUserPresenceGrain>(userId)), _wheel, _options, new(), NullLogger<Departures>.Instance);
    }

    private FakeOwnerGrain Alice => _owners.Of("alice");

    public void Dispose() => _wheel.Dispose();

    [Fact]
    public void Lose_GraceIsOver_TellsTheOwner()
    {
        _departures.Lose("alice", "c1", default);
        EndGrace();

        Assert.Equal(["c1"], Alice.Disconnects);
    }

    [Fact]
    public async Task Recall_InGrace_TellsNobody()
    {
        _departures.Lose("alice", "c1", default);
        await _departures.RecallAsync("c1");
        EndGrace();

        Assert.Empty(Alice.Disconnects);
    }

    [Fact]
    public async Task Recall_TheOwnerIsBeingTold_WaitsForItAndNoOtherCallFollows()
    {
        var gate = new TaskCompletionSource();
        Alice.DisconnectGate = gate.Task;
        _departures.Lose("alice", "c1", default);
        EndGrace();
        var recalling = _departures.RecallAsync("c1");
        Assert.False(recalling.IsCompleted);

        gate.SetException(new TimeoutException());
        await recalling;
        EndGrace();

        Assert.Equal(["c1"], Alice.Disconnects);
    }

    private void EndGrace() => _clock.Advance(_options.GracePeriod + TimingWheel.Tick);
}
