using Presence.Gateway.Connections;
using Presence.Gateway.Protocol;

namespace Presence.Gateway.Delivery;

/// <summary>Tells clients when what they hold may be out of date, and when it no longer is. Nobody is turned offline because we are blind.</summary>
internal sealed class Freshness(ConnectionRegistry connections, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private bool _isBlind;
    private bool _isSeeing;
    private int _recoveries;

    /// <summary>No owner at all is heard of.</summary>
    public void Blind(DateTimeOffset since)
    {
        lock (_gate)
        {
            (_isBlind, _isSeeing) = (true, false);
        }

        TellEverybody(ServerMessages.Stale(null, since));
    }

    /// <summary>The owners of these users are being asked again: until all have answered not everything is called fresh.</summary>
    /// <param name="users">The users.</param>
    /// <param name="staleSince">Since when nothing is heard of their owners; null while they are heard.</param>
    public void RecoveryBegins(IReadOnlyCollection<UserEntry> users, DateTimeOffset? staleSince)
    {
        lock (_gate)
        {
            _recoveries++;
        }

        if (staleSince is { } since)
        {
            foreach (var user in users)
            {
                user.IsStale = true;
            }

            Tell(users, userIds => ServerMessages.Stale(userIds, since));
        }
    }

    /// <summary>The owners of these users have answered.</summary>
    public void RecoveryEnds(IEnumerable<UserEntry> users)
    {
        List<UserEntry> stale = [.. users.Where(user => user.IsStale)];
        stale.ForEach(user => user.IsStale = false);
        Tell(stale, ServerMessages.Fresh);
        lock (_gate)
        {
            _recoveries--;
        }

        Settle();
    }

    /// <summary>Owners are heard of again.</summary>
    public void Sees() => Settle(isSeeing: true);

    /// <summary>Somebody asked for users of whom some are stale.</summary>
    public void Remind(SendQueue reader, List<UserEntry> asked)
    {
        if (Volatile.Read(ref _recoveries) == 0)
        {
            return;
        }

        List<string> userIds = [.. asked.Where(entry => entry.IsStale).Select(entry => entry.Id).Distinct(StringComparer.Ordinal)];
        if (userIds.Count > 0)
        {
            reader.Send(ServerMessages.Stale(userIds, clock.GetUtcNow()));
        }
    }

    private void Settle(bool isSeeing = false)
    {
        lock (_gate)
        {
            _isSeeing |= isSeeing;
            if (!_isBlind || !_isSeeing || _recoveries > 0)
            {
                return;
            }

            _isBlind = false;
        }

        TellEverybody(ServerMessages.Fresh(null));
    }

    private void TellEverybody(Frame frame)
    {
        foreach (var connection in connections.All)
        {
            if (connection.Session is not null)
            {
                connection.Output.Send(frame);
            }
        }
    }

    private static void Tell(IReadOnlyCollection<UserEntry> entries, Func<List<string>, Frame> message)
    {
        var readers = new Dictionary<SendQueue, List<string>>();
        foreach (var entry in entries)
        {
            entry.CollectReaders(readers);
        }

        foreach (var (reader, userIds) in readers)
        {
            reader.Send(message(userIds));
        }
    }
}
