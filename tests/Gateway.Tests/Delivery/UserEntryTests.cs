using Presence.Grains;
using Xunit;
using static Presence.Gateway.Tests.Delivery.UsersFixture;

namespace Presence.Gateway.Tests.Delivery;

public sealed class UserEntryTests : IDisposable
{
    private readonly UsersFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Accept_ManyChangesInOneWindow_TheFirstGoesOutAtOnceAndTheLastAtItsEnd()
    {
        var reader = _fixture.Subscribe();
        var entry = reader.Subscription.User;

        for (var version = 1; version <= 5; version++)
        {
            entry.Accept(Shows(version), null);
        }

        Assert.Equal([1], await reader.VersionsAsync());
        _fixture.Advance(225);
        Assert.Equal([1], await reader.VersionsAsync());
        _fixture.Advance(50);
        Assert.Equal([1, 5], await reader.VersionsAsync());
        _fixture.Advance(1_000);
        Assert.Equal([1, 5], await reader.VersionsAsync());
    }

    [Fact]
    public async Task Accept_AChangeEveryTick_NoMoreThanOneUpdateAWindow()
    {
        var reader = _fixture.Subscribe();

        for (var version = 1; version <= 400; version++)
        {
            reader.Subscription.User.Accept(Shows(version), null);
            _fixture.Advance(25);
        }

        _fixture.Advance(300);
        var versions = await reader.VersionsAsync();
        Assert.InRange(versions.Count, 30, 41);
        Assert.Equal(400, versions[^1]);
        Assert.Equal(versions.Order(), versions);
    }

    [Fact]
    public async Task Accept_AfterAQuietWindow_GoesOutAtOnceAgain()
    {
        var reader = _fixture.Subscribe();

        reader.Subscription.User.Accept(Shows(1), null);
        _fixture.Advance(300);
        reader.Subscription.User.Accept(Shows(2), null);

        Assert.Equal([1, 2], await reader.VersionsAsync());
    }

    [Fact]
    public async Task Accept_WindowZero_EveryChangeIsItsOwnUpdate()
    {
        using var fixture = new UsersFixture(windowMs: 0);
        var reader = fixture.Subscribe();

        for (var version = 1; version <= 50; version++)
        {
            reader.Subscription.User.Accept(Shows(version), null);
        }

        Assert.Equal(Enumerable.Range(1, 50).Select(version => (long)version), await reader.VersionsAsync());
    }

    [Fact]
    public async Task Accept_OwnAndPublicChanges_EachHasItsOwnWindow()
    {
        var (other, self) = (_fixture.Subscribe(), _fixture.Subscribe(isOwn: true));
        var entry = other.Subscription.User;

        entry.Accept(null, Own(1));
        entry.Accept(Shows(1), Own(2));
        entry.Accept(null, Own(3));

        Assert.Equal([1], await other.VersionsAsync());
        Assert.Equal([1], await self.VersionsAsync());
        _fixture.Advance(300);
        Assert.Equal([1], await other.VersionsAsync());
        Assert.Equal([1, 3], await self.VersionsAsync());
    }

    [Fact]
    public async Task Accept_WhatIsOlder_ChangesNothing()
    {
        var reader = _fixture.Subscribe();
        var entry = reader.Subscription.User;

        foreach (var version in new long[] { 5, 3, 5, 4, 0 })
        {
            entry.Accept(Shows(version, version == 5 ? PresenceStatus.Online : PresenceStatus.Offline), null);
            _fixture.Advance(300);
        }

        Assert.Equal([5], await reader.VersionsAsync());
        Assert.Equal(Shows(5), entry.Public);
    }

    [Fact]
    public async Task Accept_SubscriberWithoutItsSnapshot_HearsNothingUntilItHasIt()
    {
        var waiting = _fixture.Subscribe(version: long.MaxValue);
        var entry = waiting.Subscription.User;

        entry.Accept(Shows(1), null);
        _fixture.Advance(300);
        Assert.Empty(await waiting.VersionsAsync());

        waiting.Subscription.Version = 1;
        entry.Accept(Shows(2), null);
        Assert.Equal([2], await waiting.VersionsAsync());
    }

    /// <summary>The snapshot was made inside a window: the update at its end is no news to this one.</summary>
    [Fact]
    public async Task Accept_SubscriberWithANewerSnapshot_IsNotToldTwice()
    {
        var first = _fixture.Subscribe();
        var entry = first.Subscription.User;
        entry.Accept(Shows(1), null);
        entry.Accept(Shows(2), null);

        var second = _fixture.Subscribe(version: 2);
        _fixture.Advance(300);
        entry.Accept(Shows(3), null);
        _fixture.Advance(300);

        Assert.Equal([1, 2, 3], await first.VersionsAsync());
        Assert.Equal([3], await second.VersionsAsync());
    }

    [Fact]
    public async Task Accept_NobodySubscribes_TheStateIsKeptForTheNext()
    {
        var entry = _fixture.Users.Get("alice");

        entry.Accept(Shows(1), null);
        var reader = _fixture.Subscribe(version: 1);
        entry.Accept(Shows(2), null);

        Assert.Equal([2], await reader.VersionsAsync());
    }

    [Fact]
    public async Task Remove_OneOfMany_TheOthersStillHear()
    {
        var readers = Enumerable.Range(0, 10).Select(_ => _fixture.Subscribe()).ToArray();
        var entry = readers[0].Subscription.User;

        foreach (var gone in new[] { 0, 9, 4 })
        {
            entry.Remove(readers[gone].Subscription, isOwn: false);
            entry.Remove(readers[gone].Subscription, isOwn: false);
        }

        entry.Accept(Shows(1), null);
        for (var i = 0; i < readers.Length; i++)
        {
            Assert.Equal(i is 0 or 9 or 4 ? [] : [1], await readers[i].VersionsAsync());
        }
    }
}
