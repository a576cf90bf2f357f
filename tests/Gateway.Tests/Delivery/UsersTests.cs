using Presence.Grains;
using Xunit;
using static Presence.Gateway.Tests.Delivery.UsersFixture;

namespace Presence.Gateway.Tests.Delivery;

public sealed class UsersTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly UsersFixture _fixture = new(lingerMs: 1_000);

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Forget_NobodyUsesAUserForTheLingerTime_OwnerIsToldAndTheNextAsksAnew()
    {
        _fixture.Owners.Of("alice").Shown = Shows(1);
        var reader = _fixture.Subscribe();
        var entry = reader.Subscription.User;
        await _fixture.Users.EnsureKnownAsync(entry);

        entry.Remove(reader.Subscription, isOwn: false);
        _fixture.Advance(975);
        Assert.Equal(0, _fixture.Owners.Of("alice").Unwatches);
        _fixture.Advance(75);

        Assert.Equal(1, _fixture.Owners.Of("alice").Unwatches);
        var next = _fixture.Users.Get("alice");
        Assert.NotSame(entry, next);
        Assert.False(next.IsKnown);
    }

    [Fact]
    public async Task Forget_UsedWithinTheLingerTime_StaysForAnother()
    {
        _fixture.Owners.Of("alice").Shown = Shows(1);
        var entry = _fixture.Users.Get("alice");
        await _fixture.Users.EnsureKnownAsync(entry);

        _fixture.Advance(800);
        Assert.Same(entry, _fixture.Users.Get("alice"));
        _fixture.Advance(800);
        Assert.Same(entry, _fixture.Users.Get("alice"));
        _fixture.Advance(1_100);

        Assert.NotSame(entry, _fixture.Users.Get("alice"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Forget_SomebodySubscribes_Never(bool isOwn)
    {
        var entry = _fixture.Subscribe(isOwn: isOwn).Subscription.User;

        _fixture.Advance(10_000);

        Assert.Same(entry, _fixture.Users.Get("alice"));
    }

    /// <summary>Whoever still holds an entry that was just forgotten must not wait there for updates that never come.</summary>
    [Fact]
    public void TryAdd_ToAForgottenEntry_IsRefused()
    {
        var reader = _fixture.Subscribe();
        var entry = reader.Subscription.User;
        entry.Remove(reader.Subscription, isOwn: false);
        _fixture.Advance(1_100);

        Assert.False(entry.TryAdd(reader.Subscription, isOwn: false));
        Assert.NotSame(entry, _fixture.Subscribe().Subscription.User);
    }

    [Fact]
    public async Task EnsureKnown_ManyAskAtOnce_TheOwnerIsAskedOnce()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var owner = _fixture.Owners.Of("alice");
        (owner.Gate, owner.Shown) = (gate.Task, Shows(3));
        var entry = _fixture.Users.Get("alice");

        var calls = Enumerable.Range(0, 20).Select(_ => _fixture.Users.EnsureKnownAsync(entry)).ToArray();
        Assert.All(calls, call => Assert.False(call.IsCompleted));
        gate.SetResult();
        await Task.WhenAll(calls).WaitAsync(Patience);
        await _fixture.Users.EnsureKnownAsync(entry);

        Assert.Equal(1, owner.Watches);
        Assert.Equal(Shows(3), entry.Public);
    }

    [Fact]
    public async Task EnsureKnown_OwnerFails_CallerHearsAndTheNextAsksAgain()
    {
        var owner = _fixture.Owners.Of("alice");
        (owner.Gate, owner.Shown) = (Task.FromException(new TimeoutException()), Shows(3));
        var entry = _fixture.Users.Get("alice");

        await Assert.ThrowsAsync<TimeoutException>(() => _fixture.Users.EnsureKnownAsync(entry));
        owner.Gate = Task.CompletedTask;
        await _fixture.Users.EnsureKnownAsync(entry);

        Assert.Equal(2, owner.Watches);
        Assert.Equal(Shows(3), entry.Public);
    }

    /// <summary>The owner answered before the change and the change was faster: the answer is the older of the two.</summary>
    [Fact]
    public async Task EnsureKnown_AChangeOvertakesTheAnswer_TheNewerStays()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var owner = _fixture.Owners.Of("alice");
        (owner.Gate, owner.Shown) = (gate.Task, Shows(3));
        var entry = _fixture.Users.Get("alice");
        var call = _fixture.Users.EnsureKnownAsync(entry);

        _fixture.Users.Deliver(new("alice", Shows(4, PresenceStatus.Busy), null), FakeOwnerGrain.Silo);
        gate.SetResult();
        await call.WaitAsync(Patience);

        Assert.Equal(Shows(4, PresenceStatus.Busy), entry.Public);
    }

    [Fact]
    public void Deliver_AUserNobodyHereKnows_IsDeclinedTheThirdTime()
    {
        var owner = _fixture.Owners.Of("alice");
        foreach (var (version, declined) in ((long, int)[])[(4, 0), (5, 0), (6, 1)])
        {
            _fixture.Users.Deliver(new("alice", Shows(version), null), FakeOwnerGrain.Silo);

            Assert.Equal(declined, owner.Unwatches);
        }

        Assert.Null(_fixture.Users.Get("alice").Public);
    }

    [Fact]
    public async Task WatchAgain_WhatWasMissed_IsTold()
    {
        var owner = _fixture.Owners.Of("alice");
        owner.Shown = Shows(1);
        var reader = _fixture.Subscribe();
        await _fixture.Users.EnsureKnownAsync(reader.Subscription.User);
        owner.Shown = Shows(9, PresenceStatus.Offline);

        _fixture.Advance(300);
        await _fixture.Users.WatchAgainAsync(reader.Subscription.User);

        Assert.Equal(2, owner.Watches);
        Assert.Equal([1, 9], await reader.VersionsAsync());
    }

    /// <summary>Readers come and go while another thread fans out: who stays misses nothing, who is gone hears nothing more.</summary>
    [Fact]
    public async Task Remove_WhileUpdatesFanOut_StayersHearTheLastAndLeaversNothingMore()
    {
        const int Rounds = 3_000;
        using var fixture = new UsersFixture(windowMs: 0);
        var stayers = Enumerable.Range(0, 5).Select(_ => fixture.Subscribe()).ToArray();
        var entry = stayers[0].Subscription.User;

        var fanOut = Task.Run(() =>
        {
            for (var version = 1; version <= Rounds; version++)
            {
                entry.Accept(Shows(version), null);
            }
        });
        var leavers = new List<(Reader Reader, long Heard)>();
        while (!fanOut.IsCompleted || leavers.Count == 0)
        {
            var some = Enumerable.Range(0, 7).Select(_ => fixture.Subscribe()).ToArray();
            foreach (var leaver in some.Reverse())
            {
                entry.Remove(leaver.Subscription, isOwn: false);
                leavers.Add((leaver, leaver.Subscription.Version));
            }
        }

        await fanOut;
        entry.Accept(Shows(Rounds + 1), null);
        foreach (var stayer in stayers)
        {
            Assert.Equal(Enumerable.Range(1, Rounds + 1).Select(version => (long)version), await stayer.VersionsAsync());
        }

        Assert.All(leavers, leaver => Assert.Equal(leaver.Heard, leaver.Reader.Subscription.Version));
    }
}
