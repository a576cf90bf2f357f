namespace Presence.Client;

/// <summary>Whom this client watches, and the last that was known of each.</summary>
internal sealed class People(string me, Action<UserPresence> onChange)
{
    private readonly Dictionary<string, UserPresence?> _known = new(StringComparer.Ordinal) { [me] = null };
    private readonly HashSet<string> _touched = new(StringComparer.Ordinal);
    private readonly object _gate = new();
    private bool _isBlind = true;

    /// <summary>Everybody but oneself, whose updates come without a subscription.</summary>
    public string[] Watched
    {
        get
        {
            lock (_gate)
            {
                return [.. _known.Keys.Where(id => id != me)];
            }
        }
    }

    public UserPresence? Find(string userId)
    {
        lock (_gate)
        {
            return _known.GetValueOrDefault(userId);
        }
    }

    /// <returns>Those who were not watched before.</returns>
    public string[] Add(IEnumerable<string> userIds)
    {
        lock (_gate)
        {
            return [.. userIds.Where(id => _known.TryAdd(id, null))];
        }
    }

    /// <returns>Those who were watched.</returns>
    public string[] Remove(IEnumerable<string> userIds)
    {
        lock (_gate)
        {
            return [.. userIds.Where(id => id != me && _known.Remove(id))];
        }
    }

    /// <summary>The versions that are known, to be asked with; from here on updates count as newer than the list that answers.</summary>
    public Dictionary<string, long> Versions(IEnumerable<string> userIds)
    {
        lock (_gate)
        {
            var versions = new Dictionary<string, long>(StringComparer.Ordinal);
            foreach (var id in userIds)
            {
                _touched.Remove(id);
                if (_known.GetValueOrDefault(id) is { } presence)
                {
                    versions[id] = presence.Version;
                }
            }

            return versions;
        }
    }

    public void Opened(UserPresence own)
    {
        _isBlind = false;
        Show(own);
    }

    public void Closed() => Mark(isStale: true, null);

    /// <summary>An update that is not newer than what is held changes nothing.</summary>
    public void Update(UserPresence presence)
    {
        lock (_gate)
        {
            if (!_known.TryGetValue(presence.UserId, out var held) || held?.Version >= presence.Version)
            {
                return;
            }

            _touched.Add(presence.UserId);
            Show(presence);
        }
    }

    /// <summary>A list is the truth of its moment, and who is not in it is as known; only an update that overtook it knows better.</summary>
    public void List(IReadOnlyList<UserPresence> presences, IEnumerable<string> asked)
    {
        lock (_gate)
        {
            var told = presences.ToDictionary(presence => presence.UserId, StringComparer.Ordinal);
            foreach (var id in asked)
            {
                var held = _known.GetValueOrDefault(id);
                var news = told.GetValueOrDefault(id) ?? held;
                if (news is not null && !(_touched.Contains(id) && held!.Version > news.Version))
                {
                    Show(news with { IsStale = _isBlind });
                }
            }
        }
    }

    /// <summary>The server, or this client, is blind for some or for everybody, or sees again.</summary>
    public void Mark(bool isStale, IReadOnlyList<string>? userIds)
    {
        lock (_gate)
        {
            _isBlind = userIds is null ? isStale : _isBlind;
            foreach (var id in userIds ?? [.. _known.Keys])
            {
                if (_known.GetValueOrDefault(id) is { } held && held.IsStale != isStale)
                {
                    Show(held with { IsStale = isStale });
                }
            }
        }
    }

    private void Show(UserPresence presence)
    {
        lock (_gate)
        {
            if (_known.ContainsKey(presence.UserId))
            {
                _known[presence.UserId] = presence;
                onChange(presence);
            }
        }
    }
}
