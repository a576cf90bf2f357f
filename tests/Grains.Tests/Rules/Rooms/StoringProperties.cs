using FsCheck;
using FsCheck.Fluent;
using Presence.Grains.Rules.Rooms;
using Presence.Grains.Tests.Rules.Users;
using Xunit;

namespace Presence.Grains.Tests.Rules.Rooms;

/// <summary>What a store holds of a room whose partitions are written one after the other. Each was seen to fail with its rule broken.</summary>
public class StoringProperties
{
    [Fact]
    public void Crash_WhenEverythingIsWritten_LosesNobodyAndBringsNobodyBack() => Holds(happenings =>
    {
        var history = new StoringHistory();
        Array.ForEach(happenings, history.Play);
        history.Store.WriteAll(history.Room);

        history.Crash();

        Assert.Equal(history.Expected, history.Held);
    });

    [Fact]
    public void Crash_AtAnyMoment_IsMendedByTheGateways() => Holds(happenings =>
    {
        var history = new StoringHistory();
        foreach (var happening in happenings)
        {
            history.Play(happening);
            history.Crash();
            history.Reattach();
            Assert.Equal(history.Expected, history.Held);
        }
    });

    [Fact]
    public void Write_WhateverTheMoment_LosesNobodyWhoWasStored() => Holds(happenings =>
    {
        var history = new StoringHistory();
        foreach (var happening in happenings)
        {
            var stored = history.Store.Members;
            history.Play(happening);
            do
            {
                stored.IntersectWith(history.Members);
                Assert.Subset(history.Store.Members, stored);
                stored = history.Store.Members;
            }
            while (happening.Seconds % 2 == 0 && history.Store.Write(history.Room));
        }
    });

    [Fact]
    public void WriteAll_LeavesNothingBehindThatNobodyWouldFind() => Holds(happenings =>
    {
        var history = new StoringHistory();
        Array.ForEach(happenings, history.Play);

        history.Store.WriteAll(history.Room);

        Assert.Equal(history.Room.Roster.IsEmpty, history.Store.Head is null);
        Assert.All(history.Store.Partitions.Keys, partition => Assert.InRange(partition, 0, (history.Store.Head?.Partitions ?? 0) - 1));
        Assert.Equal(history.Members.Count, history.Store.Partitions.Values.Sum(partition => partition.Members.Length));
        Assert.False(history.Room.Writes.AnyWaits);
    });

    [Fact]
    public void Version_AfterACrash_IsAboveEveryPublishedOne() => Holds(happenings =>
    {
        var history = new StoringHistory();
        Array.ForEach(happenings, history.Play);
        history.Store.WriteAll(history.Room);
        for (var i = 0; i < 400; i++)
        {
            history.Play(new(Kind: (byte)(i % 2 * 4), Device: 1, Connection: 0, Status: 1, Seconds: 0));
        }

        var published = history.Room.Roster.Version;
        history.Crash();

        Assert.True(history.Store.Head is null || history.Room.Roster.Version >= published);
    });

    [Fact]
    public void Join_InALargeRoom_IsWrittenWithAboutAThousandOthersOfIt()
    {
        var (room, store) = (new Room("room", RoomHistory.Limits), new StoredRoom());
        for (var i = 0; i < 20_000; i++)
        {
            Join(room, $"user {i}");
        }

        store.WriteAll(room);
        Assert.Equal(32, store.Head!.Partitions);
        Join(room, "one more");

        var write = room.Writes.Next()!;
        Assert.InRange(write.Members!.Members.Length, 400, 1_000);
        room.Writes.Done(write);
        Assert.False(room.Writes.AnyWaits);
    }

    [Fact]
    public void Restore_MemberInTwoPartitions_TheLaterWriteCounts()
    {
        var (earlier, later) = (new Room("room", RoomHistory.Limits), new Room("room", RoomHistory.Limits));
        Join(earlier, "ada");
        Join(later, "ada");
        later.Update("ada", "{}");
        var room = new Room("room", RoomHistory.Limits);

        room.Restore(new(Version: 1, Partitions: 2), [new(Number: 5, [.. later.Roster.Members]), new(Number: 4, [.. earlier.Roster.Members])]);

        Assert.Equal("{}", Assert.Single(room.Roster.Members).Metadata);
    }

    private static void Join(Room room, string user) =>
        room.Join(new(user, "device", "life", null, false, new(PresenceStatus.Online, PresenceStatus.Online, 1)), RoomHistory.Noon);

    private static void Holds(Action<Happening[]> property) =>
        Prop.ForAll<Happening[]>(happenings => property(happenings)).QuickCheckThrowOnFailure();
}
