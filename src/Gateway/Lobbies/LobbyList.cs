using Presence.Grains;

namespace Presence.Gateway.Lobbies;

/// <summary>The lobby as this gateway knows it.</summary>
internal sealed class LobbyList
{
    private readonly HashSet<string> _users = new(StringComparer.Ordinal);

    /// <summary>Null while nothing is held.</summary>
    public long? Version { get; private set; }

    public int Online { get; private set; }

    public bool IsTruncated { get; private set; }

    /// <summary>All of them; of a truncated lobby those who were listed when it was last asked for.</summary>
    public IReadOnlyCollection<string> Users => _users;

    /// <summary>What leads from here to a snapshot: whoever has missed changes is told as if each had come.</summary>
    public LobbyChanged Since(LobbySnapshot now) => (IsTruncated, now.IsTruncated) switch
    {
        (_, true) => new(now.Version, now.Online, true, [], [], null),
        (true, false) => new(now.Version, now.Online, false, [], [], now.Users),
        _ => new(now.Version, now.Online, false, [.. now.Users.Except(_users)], [.. _users.Except(now.Users)], null),
    };

    public void Take(LobbySnapshot snapshot)
    {
        (Version, Online, IsTruncated) = (snapshot.Version, snapshot.Online, snapshot.IsTruncated);
        Replace(snapshot.Users);
    }

    public void Take(LobbyChanged change)
    {
        (Version, Online, IsTruncated) = (change.Version, change.Online, change.IsTruncated);
        if (change.Users is not null)
        {
            Replace(change.Users);
        }

        _users.UnionWith(change.Joined);
        _users.ExceptWith(change.Left);
    }

    public void Forget()
    {
        Version = null;
        _users.Clear();
    }

    private void Replace(string[] users)
    {
        _users.Clear();
        _users.UnionWith(users);
    }
}
