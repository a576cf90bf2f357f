using System.Text.Json;
using Presence.Client.Wire;

namespace Presence.Client;

/// <summary>One room that this client is in or looks at: its members, rebuilt from snapshots and numbered updates in any order.</summary>
internal sealed class Room(string id)
{
    private readonly Dictionary<string, RoomMember> _members = new(StringComparer.Ordinal);
    private List<ServerMessage> _held = [];
    private long _version = -1;
    private int _count;
    private bool _isTruncated;
    private bool _isStale = true;
    private bool _isAsking;

    public string Id => id;

    public bool IsMember { get; set; }

    public bool IsWatcher { get; set; }

    /// <summary>False once the server has taken us out: what is known is that nothing is.</summary>
    public bool IsWanted => IsMember || IsWatcher;

    public JsonElement? Metadata { get; set; }

    public RoomSnapshot Snapshot => new(id, [.. _members.Values], _count, _isTruncated, _isStale) { IsMember = IsMember };

    /// <summary>The last that was known stays, marked; updates of the lost connection do not build on the next one.</summary>
    public void Closed()
    {
        _held = [];
        _isAsking = false;
        _isStale = true;
    }

    /// <param name="type"><c>left</c> or <c>unwatched</c>.</param>
    /// <returns>False when this was not so anyway, or when the server has not let us in yet: then it speaks of an earlier time.</returns>
    public bool TakeOut(string type)
    {
        var was = type == "left" ? IsMember : IsWatcher;
        if (!was || _version < 0)
        {
            return false;
        }

        (IsMember, IsWatcher) = type == "left" ? (false, IsWatcher) : (IsMember, false);
        return true;
    }

    /// <summary>Nothing is known any more.</summary>
    public void Clear()
    {
        Closed();
        _members.Clear();
        (_version, _count, _isTruncated) = (-1, 0, false);
    }

    public void Reset(ServerMessage state)
    {
        _members.Clear();
        Put(state.Members);
        Number(state);
        _isStale = _isAsking = false;
        var held = _held;
        _held = [];
        foreach (var update in held.OrderBy(update => update.Version))
        {
            Apply(update);
        }

        _held = []; // What still does not fit is asked for once more, and not kept for ever.
    }

    /// <returns>False when nothing changed.</returns>
    public bool Apply(ServerMessage update)
    {
        if (_version >= 0 && update.Version <= _version)
        {
            return false;
        }

        // A sampled room counts only: nothing in it builds on the update before.
        if (_version < 0 || (!update.Truncated && (_isTruncated || update.Version != _version + 1)))
        {
            _held.Add(update);
            _isStale = true;
            return _version >= 0;
        }

        if (update.Members is not null)
        {
            _members.Clear();
            Put(update.Members);
        }

        foreach (var left in update.Left ?? [])
        {
            _members.Remove(left);
        }

        Put(update.Joined);
        Put(update.Updated);
        Number(update);
        return true;
    }

    /// <summary>Whether the whole must be asked for, since an update is missing; true once for each time.</summary>
    public bool NeedsRepair()
    {
        var needs = _isStale && _version >= 0 && !_isAsking;
        _isAsking |= needs;
        return needs;
    }

    private void Put(IReadOnlyList<RoomMember>? members)
    {
        foreach (var member in members ?? [])
        {
            _members[member.UserId] = member;
        }
    }

    private void Number(ServerMessage news) => (_version, _count, _isTruncated) = (news.Version, news.Count, news.Truncated);
}
