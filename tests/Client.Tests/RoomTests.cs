using Presence.Client.Wire;

namespace Presence.Client.Tests;

public class RoomTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Apply_ConsecutiveUpdates_ChangeTheMembers()
    {
        var room = Of(State(1, "ada"));

        Assert.True(room.Apply(Update(2, joined: "bob")));
        Assert.True(room.Apply(Update(3, left: "ada")));

        Assert.Equal(["bob"], Ids(room));
        Assert.False(room.NeedsRepair());
    }

    [Fact]
    public void Apply_OldUpdate_ChangesNothing()
    {
        var room = Of(State(5, "ada"));

        Assert.False(room.Apply(Update(5, left: "ada")));

        Assert.Equal(["ada"], Ids(room));
    }

    [Fact]
    public void Apply_Gap_IsAskedForOnceAndLaterUpdatesWait()
    {
        var room = Of(State(1));

        room.Apply(Update(3, joined: "bob"));
        Assert.True(room.Snapshot.IsStale);
        Assert.True(room.NeedsRepair());
        room.Apply(Update(5, joined: "cy"));
        Assert.False(room.NeedsRepair());
        room.Reset(State(4, "ada"));

        Assert.Equal(["ada", "cy"], Ids(room));
        Assert.False(room.Snapshot.IsStale);
    }

    [Fact]
    public void Reset_WithAGapThatStays_AsksOnceMoreAndNotForEver()
    {
        var room = Of(State(1));
        room.Apply(Update(900, joined: "bob"));
        Assert.True(room.NeedsRepair());

        room.Reset(State(1));
        Assert.True(room.NeedsRepair());
        room.Reset(State(1));

        Assert.False(room.NeedsRepair());
        Assert.False(room.Snapshot.IsStale);
    }

    [Fact]
    public void Apply_BeforeTheSnapshot_Waits()
    {
        var room = new Room("lobby");

        Assert.False(room.Apply(Update(2, joined: "bob")));
        room.Reset(State(1, "ada"));

        Assert.Equal(["ada", "bob"], Ids(room));
    }

    [Fact]
    public void Closed_KeepsTheLastAsStale_AndForgetsUpdatesOfTheLostConnection()
    {
        var room = Of(State(1, "ada"));
        room.Apply(Update(3, joined: "ghost"));

        room.Closed();
        Assert.Equal(["ada"], Ids(room));
        Assert.True(room.Snapshot.IsStale);
        room.Reset(State(2, "bob"));

        Assert.Equal(["bob"], Ids(room));
    }

    [Fact]
    public void Apply_SampledRoom_CountsWithoutAGap_AndAsksWhenItIsWholeAgain()
    {
        var room = Of(State(10, "ada") with { Truncated = true, Count = 5000 });

        Assert.True(room.Apply(new() { Version = 400, Count = 5200, Truncated = true }));
        Assert.Equal((5200, true), (room.Snapshot.Count, room.Snapshot.IsTruncated));
        room.Apply(Update(401, left: "ada"));

        Assert.True(room.NeedsRepair());
    }

    private static Room Of(ServerMessage state)
    {
        var room = new Room("lobby");
        room.Reset(state);
        return room;
    }

    private static ServerMessage State(long version, params string[] members) =>
        new() { Type = "room_state", Version = version, Count = members.Length, Members = [.. members.Select(Member)] };

    private static ServerMessage Update(long version, string? joined = null, string? left = null) =>
        new() { Version = version, Joined = joined is null ? null : [Member(joined)], Left = left is null ? null : [left] };

    private static RoomMember Member(string id) => new(id, PresenceStatus.Online, null, Noon);

    private static IEnumerable<string> Ids(Room room) => room.Snapshot.Members.Select(member => member.UserId);
}
