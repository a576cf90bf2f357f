using Presence.Gateway.Delivery;
using Presence.Grains;
using Xunit;
using static Presence.Gateway.Tests.Delivery.UsersFixture;

namespace Presence.Gateway.Tests.Delivery;

public sealed class RecentChangesTests : IDisposable
{
    private readonly UsersFixture _fixture = new(lingerMs: 3_600_000);

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Changes_WhileSomebodyAsks_AreNumberedWithWhatIsNew()
    {
        var alice = _fixture.Users.Get("alice");
        Assert.Equal((0, 0), (_fixture.Recent.After(0).Last, _fixture.Recent.After(0).Changes.Length));

        alice.Accept(Shows(1), null);
        alice.Accept(Shows(1), null);
        alice.Accept(Shows(2, PresenceStatus.Busy), null);
        alice.Accept(Shows(3, PresenceStatus.Busy) with { Said = new(null, "{}", null) }, null);
        alice.Accept(Shows(4, PresenceStatus.Busy) with { Policy = 1 }, null);

        Assert.Equal(
            [
                (1, null, PresenceStatus.Online, ChangeKind.Status), (2, PresenceStatus.Online, PresenceStatus.Busy, ChangeKind.Status),
                (3, PresenceStatus.Busy, PresenceStatus.Busy, ChangeKind.Said), (4, PresenceStatus.Busy, PresenceStatus.Busy, ChangeKind.Privacy),
            ],
            _fixture.Recent.After(0).Changes.Select(change => (change.Number, change.From, change.To, change.Kind)));
        Assert.Equal([4L], _fixture.Recent.After(3).Changes.Select(change => change.Number));
        Assert.Empty(_fixture.Recent.After(4).Changes);
        Assert.Equal(4, _fixture.Recent.After(99).Changes.Length); // of an earlier life of the process
    }

    [Fact]
    public void Changes_WhenNobodyAsks_AreNotKeptAndCostNoMemory()
    {
        _fixture.Recent.After(0);
        _fixture.Recent.Note(null, Shows(1));
        _fixture.Advance((int)RecentChanges.InterestMs + 50);
        _fixture.Recent.Note(null, Shows(2));

        var (before, now) = (Shows(3), Shows(4));
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            _fixture.Recent.Note(before, now);
        }

        Assert.Equal(allocated, GC.GetAllocatedBytesForCurrentThread());
        Assert.Empty(_fixture.Recent.After(0).Changes);
        _fixture.Recent.Note(null, Shows(5));
        Assert.Equal(5, Assert.Single(_fixture.Recent.After(0).Changes).Version);
    }

    [Fact]
    public void Changes_MoreThanAreKept_TheOldestGo()
    {
        _fixture.Recent.After(0);
        for (var version = 1; version <= RecentChanges.Capacity + 70; version++)
        {
            _fixture.Recent.Note(null, Shows(version));
        }

        var (last, changes) = _fixture.Recent.After(0);

        Assert.Equal(RecentChanges.Capacity + 70, last);
        Assert.Equal(Enumerable.Range(71, RecentChanges.Capacity).Select(n => (long)n), changes.Select(change => change.Version));
    }
}
