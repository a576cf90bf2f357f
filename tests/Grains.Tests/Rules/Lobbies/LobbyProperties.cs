using FsCheck;
using FsCheck.Fluent;
using Presence.Grains.Rules.Lobbies;
using Xunit;

namespace Presence.Grains.Tests.Rules.Lobbies;

public class LobbyProperties
{
    private const int Limit = 4;

    [Fact]
    public void Lobby_ReplayedFromItsChanges_IsTheSnapshot() => Prop.ForAll<byte[][]>(looks =>
    {
        var lobby = new Lobby(Limit, version: 7);
        var (version, online, isTruncated, users) = (7L, 0, false, new HashSet<string>());
        foreach (var look in looks)
        {
            var listed = look.Select(user => $"user {user % 8}").Distinct().ToList();
            if (lobby.Update(listed.Count, [.. listed.Take(Limit)]) is { } change)
            {
                Assert.Equal(++version, change.Version);
                (online, isTruncated) = (change.Online, change.IsTruncated);
                users = change.Users is null ? users : [.. change.Users];
                Assert.All(change.Joined, user => Assert.True(users.Add(user)));
                Assert.All(change.Left, user => Assert.True(users.Remove(user)));
            }

            Assert.Equal((listed.Count, listed.Count > Limit), (online, isTruncated));
            Assert.Equal((version, online, isTruncated), (lobby.Snapshot.Version, lobby.Snapshot.Online, lobby.Snapshot.IsTruncated));
            Assert.True(isTruncated || users.SetEquals(listed));
            Assert.Equal(Math.Min(Limit, listed.Count), lobby.Snapshot.Users.Length);
        }
    }).QuickCheckThrowOnFailure();
}
