namespace Presence.Grains.Rules.Rooms;

/// <summary>Who is in a room, and what of it is published. A version is what one update tells, so that they are consecutive.</summary>
/// <remarks>
/// What changes is kept as the difference to what was published last; a change that is undone before anybody heard of it leaves nothing
/// to tell. Each change costs the same however many members there are.
/// </remarks>
internal sealed class Roster(string roomId, RoomLimits limits, Partitions members)
{
    /// <summary>How many members a sample holds, unless that is more than a roster may.</summary>
    public const int LargestSample = 50;

    /// <summary>
    /// What a listed member may take of the roster on average, in characters. Members who say more of themselves count for several: a
    /// roster must not grow beyond what a slow reader's queue holds.
    /// </summary>
    private const int CharsPerMember = 256;

    private static readonly Comparer<RoomMember> LongestListed = Comparer<RoomMember>.Create(RoomMember.Order);

    /// <summary>What was published of each member who looks different now.</summary>
    private readonly Dictionary<string, RoomMember?> _published = new(StringComparer.Ordinal);
    private RoomMember[] _sample = [];
    private int _publishedCount;
    private long _chars;
    private DateTimeOffset _windowEnds;

    /// <summary>How many members a sample holds.</summary>
    private int SampleSize => Math.Min(LargestSample, limits.RosterLimit);

    public long Version { get; private set; }

    /// <summary>How much is told, by the size at the last update.</summary>
    public RoomTier Tier { get; private set; }

    /// <summary>How many members are listed now.</summary>
    public int Count { get; private set; }

    /// <summary>Whether nobody is here, listed or not.</summary>
    public bool IsEmpty => members.Count == 0;

    /// <summary>When the next update may go out; null when there is nothing to tell.</summary>
    public DateTimeOffset? NextUpdate => _published.Count == 0 ? null : _windowEnds;

    /// <summary>
    /// The version that shows everything done so far. In a room whose roster is not told, nobody waits for it.
    /// </summary>
    public long DueVersion => _published.Count == 0 || Tier.IsTruncated() ? Version : Version + 1;

    /// <summary>Everybody who is in it, listed or not.</summary>
    public IEnumerable<MemberState> Members => members.All.Select(entry => entry.State);

    public MemberState? Find(string userId) => members.Find(userId).State;

    /// <summary>How large the room is, in members who say no more of themselves than most do.</summary>
    public int Size => (int)Math.Max(Count, _chars / CharsPerMember);

    public bool IsListed(string userId) => members.Find(userId).Shown is not null;

    /// <summary>Puts a member in the place of what is known of it.</summary>
    public void Set(MemberState member)
    {
        var was = members.Find(member.UserId).Shown;
        var shows = member.Show();
        members.Set(new(member, shows));
        Note(member.UserId, was, shows);
    }

    public void Remove(string userId)
    {
        if (members.Remove(userId, out var entry))
        {
            Note(userId, entry.Shown, null);
        }
    }

    /// <summary>Begins with what was stored: it counts as published.</summary>
    public void Restore(IEnumerable<MemberState> stored, long version)
    {
        foreach (var member in stored)
        {
            Set(member);
        }

        _published.Clear();
        (Version, _publishedCount, Tier) = (version, Count, Tiers.Of(RoomTier.Full, Size, limits.RosterLimit));
        _sample = NewSample();
    }

    /// <summary>Goes on above a version that somebody has seen.</summary>
    public void Raise(long version) => Version = version > Version ? version + 1 : Version;

    /// <summary>All that changed since the last update becomes the next version; null when nothing did.</summary>
    public RoomChanged? Update(DateTimeOffset now)
    {
        if (_published.Count == 0)
        {
            return null;
        }

        var before = Tier;
        Tier = Tiers.Of(Tier, Size, limits.RosterLimit);
        Version++;
        _windowEnds = now + (limits.UpdateWindow * Tier.Windows());
        _publishedCount = Count;
        var change = Tier.IsTruncated() ? SampleUpdate(isNew: Tier != before) : before.IsTruncated() ? RosterAgain() : Difference();
        _published.Clear();
        return change;
    }

    /// <summary>The room as it was last published.</summary>
    public RoomSnapshot Snapshot()
    {
        if (Tier.IsTruncated())
        {
            return new(Version, _publishedCount, Tier, _sample);
        }

        var published = new List<RoomMember>(_publishedCount);
        published.AddRange(from member in members.All
                           where member.Shown is not null && !_published.ContainsKey(member.State.UserId)
                           select member.Shown);
        published.AddRange(_published.Values.OfType<RoomMember>());
        published.Sort(RoomMember.Order);
        return new(Version, _publishedCount, Tier, [.. published]);
    }

    private void Note(string userId, RoomMember? was, RoomMember? shows)
    {
        if (was == shows)
        {
            return;
        }

        Count += (shows is null ? 0 : 1) - (was is null ? 0 : 1);
        _chars += Chars(shows) - Chars(was);
        if (!_published.TryAdd(userId, was) && _published[userId] == shows)
        {
            _published.Remove(userId);
        }
    }

    private static int Chars(RoomMember? member) => member is null ? 0 : member.UserId.Length + (member.Metadata?.Length ?? 0);

    private RoomChanged Difference()
    {
        var (joined, updated, left) = (new List<RoomMember>(), new List<RoomMember>(), new List<string>());
        foreach (var (userId, before) in _published)
        {
            if (members.Find(userId).Shown is not { } now)
            {
                left.Add(userId);
            }
            else
            {
                (before is null ? joined : updated).Add(now);
            }
        }

        joined.Sort(RoomMember.Order);
        return new(roomId, Version, Count, Tier, [.. joined], [.. updated], [.. left], Members: null);
    }

    private RoomChanged RosterAgain()
    {
        var roster = members.All.Select(entry => entry.Shown).OfType<RoomMember>().ToArray();
        Array.Sort(roster, RoomMember.Order);
        return new(roomId, Version, Count, Tier, [], [], [], roster);
    }

    private RoomChanged SampleUpdate(bool isNew)
    {
        var isStale = isNew || _sample.Length < Math.Min(SampleSize, Count) || Array.Exists(_sample, member => _published.ContainsKey(member.UserId));
        var sample = isStale ? NewSample() : _sample;
        var hasChanged = isNew || !sample.AsSpan().SequenceEqual(_sample);
        _sample = sample;
        return new(roomId, Version, Count, Tier, [], [], [], hasChanged ? sample : null);
    }

    private RoomMember[] NewSample() => Tier != RoomTier.Sampled
        ? []
        : [.. members.All.Select(entry => entry.Shown).OfType<RoomMember>().Order(LongestListed).Take(SampleSize)];
}
