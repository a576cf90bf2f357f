namespace Presence.Client.Tests;

public class PeopleTests
{
    private readonly List<UserPresence> _shown = [];
    private readonly People _people;

    public PeopleTests()
    {
        _people = new("me", _shown.Add);
        _people.Opened(Of("me", PresenceStatus.Online, 1));
        _people.Add(["ada"]);
    }

    [Fact]
    public void Update_NotNewer_ChangesNothing()
    {
        _people.Update(Of("ada", PresenceStatus.Busy, 4));

        _people.Update(Of("ada", PresenceStatus.Online, 4));
        _people.Update(Of("ada", PresenceStatus.Online, 3));

        Assert.Equal(PresenceStatus.Busy, _people.Find("ada")!.Status);
    }

    [Fact]
    public void List_LowerVersion_IsTheTruth()
    {
        _people.Update(Of("ada", PresenceStatus.Busy, 4));
        _people.Versions(["ada"]);

        _people.List([Of("ada", PresenceStatus.Offline, 0)], ["ada"]);

        Assert.Equal((PresenceStatus.Offline, 0), (_people.Find("ada")!.Status, _people.Find("ada")!.Version));
    }

    [Fact]
    public void List_OvertakenByAnUpdate_KeepsTheUpdate()
    {
        _people.Versions(["ada"]);
        _people.Update(Of("ada", PresenceStatus.Online, 5));

        _people.List([Of("ada", PresenceStatus.Offline, 4)], ["ada"]);

        Assert.Equal(PresenceStatus.Online, _people.Find("ada")!.Status);
    }

    [Fact]
    public void Closed_EverybodyIsStale_UntilTheListThatLeavesThemOut()
    {
        _people.Update(Of("ada", PresenceStatus.Busy, 4));
        _people.Closed();
        Assert.True(_people.Find("ada")!.IsStale);

        _people.Opened(Of("me", PresenceStatus.Online, 2));
        Assert.Equal(4, _people.Versions(["ada"])["ada"]);
        _people.List([], ["ada"]);

        Assert.Equal((PresenceStatus.Busy, false), (_people.Find("ada")!.Status, _people.Find("ada")!.IsStale));
    }

    [Fact]
    public void Mark_SomeOrEverybody_AndAnUpdateIsInSightAgain()
    {
        _people.Update(Of("ada", PresenceStatus.Busy, 4));

        _people.Mark(isStale: true, ["nobody"]);
        Assert.False(_people.Find("ada")!.IsStale);
        _people.Mark(isStale: true, null);
        Assert.True(_people.Find("ada")!.IsStale);
        _people.Update(Of("ada", PresenceStatus.Busy, 5));

        Assert.False(_people.Find("ada")!.IsStale);
    }

    [Fact]
    public void Unwatched_IsNotShown()
    {
        _people.Remove(["ada"]);

        _people.Update(Of("ada", PresenceStatus.Busy, 4));

        Assert.Null(_people.Find("ada"));
        Assert.DoesNotContain(_shown, presence => presence.UserId == "ada");
    }

    private static UserPresence Of(string userId, PresenceStatus status, long version) => new() { UserId = userId, Status = status, Version = version };
}
