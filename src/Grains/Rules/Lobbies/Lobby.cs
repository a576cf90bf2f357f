namespace Presence.Grains.Rules.Lobbies;

/// <summary>What of the list of those online is published, and what changed since.</summary>
/// <param name="limit">Most users that are listed.</param>
/// <param name="version">Where versions begin.</param>
internal sealed class Lobby(int limit, long version)
{
    private HashSet<string> _users = [];
    private int _online;
    private bool _isTruncated;

    public LobbySnapshot Snapshot => new(version, _online, _isTruncated, [.. _users]);

    /// <summary>The list as it is now becomes the next version; null when it is as before.</summary>
    /// <param name="online">How many are online.</param>
    /// <param name="users">All of them, or as many as there may be listed.</param>
    public LobbyChanged? Update(int online, IReadOnlyList<string> users)
    {
        var isTruncated = online > limit;
        if (isTruncated)
        {
            // Whoever is listed first may differ from one look to the next: only the count is news.
            var isNews = online != _online || !_isTruncated;
            (_users, _online, _isTruncated) = ([.. users], online, true);
            return isNews ? new(++version, online, true, [], [], null) : null;
        }

        var now = users.ToHashSet(StringComparer.Ordinal);
        var (joined, left) = (now.Except(_users).ToArray(), _users.Except(now).ToArray());
        if (!_isTruncated && joined.Length == 0 && left.Length == 0)
        {
            return null;
        }

        var change = _isTruncated
            ? new LobbyChanged(++version, now.Count, false, [], [], [.. now])
            : new LobbyChanged(++version, now.Count, false, joined, left, null);
        (_users, _online, _isTruncated) = (now, now.Count, false);
        return change;
    }
}
