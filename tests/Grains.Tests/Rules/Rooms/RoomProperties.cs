using FsCheck;
using FsCheck.Fluent;
using Presence.Grains.Tests.Rules.Users;
using Xunit;

namespace Presence.Grains.Tests.Rules.Rooms;

/// <summary>What holds whatever happens in a room. Each was seen to fail with its rule broken.</summary>
public class RoomProperties
{
    [Fact]
    public void Roster_ReplayedFromTheUpdatesOfAnyMember_IsThatOfGetRoom() => Holds(happenings =>
    {
        var history = new RoomHistory();
        var replicas = new List<RosterModel>();
        foreach (var happening in happenings)
        {
            var told = history.Updates.Count;
            replicas.Add(new(history.Room.Roster.Snapshot()));
            history.Play(happening);
            replicas.ForEach(replica => replica.Apply(history.Updates.Skip(told)));
        }

        foreach (var replica in replicas)
        {
            replica.AssertIs(history.Room.Roster.Snapshot());
        }
    });

    [Fact]
    public void Roster_SmallLimit_ReplayedThroughEveryTier_IsThatOfGetRoom() => Holds(happenings =>
    {
        var history = new RoomHistory(rosterLimit: 2);
        var replica = new RosterModel(history.Room.Roster.Snapshot());
        foreach (var happening in happenings)
        {
            var told = history.Updates.Count;
            history.Play(happening);
            replica.Apply(history.Updates.Skip(told));
            replica.AssertIs(history.Room.Roster.Snapshot());
        }
    });

    [Fact]
    public void Roster_WhenTheWindowHasEnded_HoldsWhoIsListed() => Holds(happenings =>
    {
        var history = new RoomHistory();
        Array.ForEach(happenings, history.Play);

        history.EndWindow();

        var snapshot = history.Room.Roster.Snapshot();
        Assert.Equal(
            history.Expected.Select(member => (member.Key, member.Value.Status, member.Value.Metadata)),
            snapshot.Members.Select(m => (m.UserId, m.Status, m.Metadata)).OrderBy(m => m.UserId, StringComparer.Ordinal));
        Assert.Equal(history.Expected.Count, snapshot.Count);
        Assert.Equal(history.Room.Roster.IsEmpty, !happenings.Select(h => $"user {h.Device % 5}").Any(history.IsMember));
    });

    [Fact]
    public void Versions_WhateverHappens_AreConsecutiveAndOnePerWindow() => Holds(happenings =>
    {
        var history = new RoomHistory();
        var last = DateTimeOffset.MinValue;
        foreach (var happening in happenings)
        {
            var told = history.Updates.Count;
            history.Play(happening);
            Assert.InRange(history.Updates.Count, told, told + 1);
            if (history.Updates.Count > told)
            {
                Assert.True(history.Now - last >= RoomHistory.Limits.UpdateWindow);
                last = history.Now;
            }
        }

        Assert.Equal(Enumerable.Range(1, history.Updates.Count).Select(n => (long)n), history.Updates.Select(update => update.Version));
    });

    [Fact]
    public void Updates_EachTellsSomething_AndNobodyTwice() => Holds(happenings =>
    {
        var history = new RoomHistory();
        Array.ForEach(happenings, history.Play);

        foreach (var update in history.Updates)
        {
            var named = update.Joined.Concat(update.Updated).Select(member => member.UserId).Concat(update.Left).ToList();
            Assert.NotEmpty(named);
            Assert.Equal(named.Count, named.Distinct().Count());
        }
    });

    [Fact]
    public void DueVersion_OnceItIsPublished_ShowsTheJoin() => Holds(happenings =>
    {
        var history = new RoomHistory();
        foreach (var happening in happenings)
        {
            history.Play(happening);
            history.Join("new", "device 0", choice: 0);
            var due = history.Room.Roster.DueVersion;
            Assert.InRange(due, history.Room.Roster.Version, history.Room.Roster.Version + 1);

            history.EndWindow();

            Assert.True(history.Room.Roster.Version >= due);
            Assert.Contains(history.Room.Roster.Snapshot().Members, member => member.UserId == "new");
            history.Leave("new", "device 0");
        }
    });

    [Fact]
    public void Typing_WhateverHappens_AlternatesAndEndsForThoseWhoAreNotListed() => Holds(happenings =>
    {
        var history = new RoomHistory();
        var typing = new HashSet<string>();
        foreach (var happening in happenings)
        {
            var told = history.Typing.Count;
            history.Play(happening);
            foreach (var change in history.Typing.Skip(told))
            {
                Assert.True(change.IsTyping ? typing.Add(change.UserId) : typing.Remove(change.UserId));
            }

            Assert.Subset(history.Expected.Keys.ToHashSet(), typing);
        }

        history.EndWindow();
        Assert.Equal(history.Typing.Count(change => change.IsTyping), history.Typing.Count(change => !change.IsTyping));
    });

    [Fact]
    public void Restore_AfterAnything_HoldsTheSameMembersAboveEveryVersion() => Holds(happenings =>
    {
        var history = new RoomHistory();
        Array.ForEach(happenings, history.Play);
        history.EndWindow();
        var before = history.Room.Roster.Snapshot();

        history.Restore();

        var after = history.Room.Roster.Snapshot();
        Assert.Equal(before.Members, after.Members);
        Assert.Equal(before.Count, after.Count);

        // A room without anybody is forgotten, and its version with it.
        Assert.True(after.Version > before.Version || !happenings.Select(h => $"user {h.Device % 5}").Any(history.IsMember));
        history.Room.DropUnconfirmed("life");
        Assert.True(history.Room.Roster.IsEmpty);
    });

    private static void Holds(Action<Happening[]> property) =>
        Prop.ForAll<Happening[]>(happenings => property(happenings)).QuickCheckThrowOnFailure();
}
