namespace Presence.Harness.Checking;

/// <summary>One connection of a client.</summary>
/// <param name="From">When the client was let in.</param>
/// <param name="LastHeard">Until then it was alive for certain.</param>
/// <param name="To">When the client took it for ended; the end of the record for one that goes on.</param>
public sealed record Stay(string Client, TimeSpan From, TimeSpan LastHeard, TimeSpan To, bool IsClean)
{
    public bool IsAlive(TimeSpan at) => at >= From && at <= LastHeard;
}

/// <summary>A time in which a user had no connection.</summary>
/// <param name="Since">How long the user had been connected before.</param>
/// <param name="LastHeard">Until then the user was connected for certain: a server may have missed it from here on.</param>
/// <param name="From">When its client took the connection for ended, or its last attempt to make one in vain.</param>
/// <param name="To">When the user was let in again; null: not to the end of the record.</param>
public sealed record Gap(TimeSpan Since, TimeSpan LastHeard, TimeSpan From, TimeSpan? To, bool IsClean);

/// <summary>A record, sorted by who it is about.</summary>
public sealed class History
{
    private readonly Dictionary<string, List<Stay>> _byUser = [];
    private readonly Dictionary<string, List<Stay>> _byClient = [];
    private readonly Dictionary<string, List<Ended>> _endings = [];
    private readonly ILookup<(string Client, string User), Seen> _seen;
    private readonly ILookup<string, Seen> _seenOf;
    private readonly ILookup<string, Blinded> _blinded;

    public History(IReadOnlyList<Entry> entries, TimeSpan end)
    {
        End = end;
        Entries = entries;
        _seen = entries.OfType<Seen>().Where(seen => !seen.IsOwn).ToLookup(seen => (seen.Client, seen.User));
        _seenOf = entries.OfType<Seen>().ToLookup(seen => seen.User);
        _blinded = entries.OfType<Blinded>().ToLookup(blinded => blinded.Client);
        Choices = new(entries);
        foreach (var ofClient in entries.Where(e => e is Connected or Ended).GroupBy(ClientOf))
        {
            AddStays(ofClient);
        }
    }

    public IReadOnlyList<Entry> Entries { get; }

    /// <summary>When the record was taken.</summary>
    public TimeSpan End { get; }

    public Choices Choices { get; }

    public IEnumerable<string> Users => _byUser.Keys;

    /// <summary>Who has been shown whom, but for one's own view.</summary>
    public IEnumerable<(string Client, string User)> Views => _seen.Select(group => group.Key);

    /// <summary>Everything a client was shown of a user, in order, but for one's own view.</summary>
    public IEnumerable<Seen> SeenBy((string Client, string User) view) => _seen[view];

    /// <summary>What a client holds in the end; null when it is not connected, or was not shown the user on this connection.</summary>
    public Seen? HeldBy((string Client, string User) view) =>
        StayOfClient(view.Client, End) is { } stay ? SeenBy(view).LastOrDefault(seen => seen.At >= stay.From) : null;

    /// <summary>Everything anybody was shown of a user, one's own view too.</summary>
    public IEnumerable<Seen> SeenOf(string user) => _seenOf[user];

    public IReadOnlyList<Stay> StaysOf(string user) => _byUser.GetValueOrDefault(user) ?? [];

    /// <summary>Whether a connection of the user was alive all the time.</summary>
    public bool IsAlive(string user, TimeSpan from, TimeSpan to) => StaysOf(user).Any(stay => stay.From <= from && stay.LastHeard >= to);

    /// <summary>The connection on which a client was at a time, for certain.</summary>
    public Stay? StayOfClient(string client, TimeSpan at) => _byClient.GetValueOrDefault(client)?.Find(stay => stay.IsAlive(at));

    /// <summary>Whether a client knows that what it holds of a user may be wrong.</summary>
    public bool IsBlind(string client, string user, TimeSpan at) =>
        StayOfClient(client, at) is { } stay
        && _blinded[client].LastOrDefault(b => b.At >= stay.From && b.At <= at && (b.Users is null || b.Users.Contains(user))) is { IsStale: true };

    /// <summary>The times without a connection, from the first connection on.</summary>
    public IEnumerable<Gap> GapsOf(string user)
    {
        Stay? last = null;
        var since = TimeSpan.Zero;
        foreach (var stay in StaysOf(user).OrderBy(stay => stay.From))
        {
            if (last is not null && stay.From > last.To)
            {
                yield return new(since, last.LastHeard, LastEnd(user, last, stay.From), stay.From, last.IsClean);
                since = stay.From;
            }

            since = last is null ? stay.From : since;
            last = last is null || stay.To > last.To ? stay : last;
        }

        if (last is not null && last.To < End)
        {
            yield return new(since, last.LastHeard, LastEnd(user, last, End), null, last.IsClean);
        }
    }

    /// <summary>An attempt that the server may have heard counts as a connection up to its end.</summary>
    private TimeSpan LastEnd(string user, Stay last, TimeSpan before) =>
        _endings[user].Where(ended => ended.At >= last.To && ended.At < before).Select(ended => ended.At).Append(last.To).Max();

    private void AddStays(IEnumerable<Entry> ofClient)
    {
        Connected? open = null;
        foreach (var entry in ofClient)
        {
            if (entry is Ended ended)
            {
                ListOf(_endings, ended.User).Add(ended);
                if (open is not null)
                {
                    Add(open.User, new(open.Client, open.At, ended.LastHeard, ended.At, ended.IsClean));
                }
            }

            open = entry as Connected;
        }

        if (open is not null)
        {
            Add(open.User, new(open.Client, open.At, End, End, IsClean: false));
        }
    }

    private void Add(string user, Stay stay)
    {
        ListOf(_byUser, user).Add(stay);
        ListOf(_byClient, stay.Client).Add(stay);
    }

    private static List<T> ListOf<T>(Dictionary<string, List<T>> lists, string key)
    {
        if (!lists.TryGetValue(key, out var list))
        {
            lists[key] = list = [];
        }

        return list;
    }

    private static string ClientOf(Entry entry) => entry is Connected connected ? connected.Client : ((Ended)entry).Client;
}
