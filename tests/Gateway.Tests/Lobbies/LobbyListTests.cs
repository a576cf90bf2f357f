using FsCheck;
using FsCheck.Fluent;
using Presence.Gateway.Lobbies;
using Presence.Grains;
using Xunit;

namespace Presence.Gateway.Tests.Lobbies;

public class LobbyListTests
{
    private const int Limit = 4;

    /// <summary>From whatever is held to whatever there is: a reader who hears only the changes ends with the same list.</summary>
    [Fact]
    public void Since_AppliedToWhatIsHeld_IsTheSnapshot() => Prop.ForAll<byte[], byte[]>((before, after) =>
    {
        var (held, reader) = (new LobbyList(), new LobbyList());
        var now = Of(2, after);
        held.Take(Of(1, before));
        reader.Take(Of(1, before));

        reader.Take(held.Since(now));

        Assert.Equal((now.Version, now.Online, now.IsTruncated), (reader.Version!.Value, reader.Online, reader.IsTruncated));
        if (!now.IsTruncated)
        {
            Assert.Equal(now.Users.Order(), reader.Users.Order());
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Since_OfAWholeLobby_NamesOnlyWhoCameAndWent()
    {
        var held = new LobbyList();
        held.Take(Of(1, [1, 2]));

        var change = held.Since(Of(7, [2, 3]));

        Assert.Equal(["3"], change.Joined);
        Assert.Equal(["1"], change.Left);
        Assert.Null(change.Users);
    }

    private static LobbySnapshot Of(long version, byte[] users)
    {
        string[] all = [.. users.Distinct().Select(user => user.ToString())];
        return new(version, all.Length, all.Length > Limit, [.. all.Take(Limit)]);
    }
}
