using System.Text;
using Microsoft.Extensions.Options;
using Presence.Grains;
using Presence.Grains.Settings;

namespace Presence.Standalone.Storage;

/// <summary>Who is online: held in memory, and written behind to the data file once a second, so that a sign-in costs no write more.</summary>
/// <remarks>
/// The file may be a second old after an abrupt end, so whoever it lists is believed only until everybody's grace is over: owners of
/// users who are online have said so by then. Nobody is missing, since owners say so too when they are activated.
/// </remarks>
internal sealed partial class SqliteOnlineList : IOnlineList, IDisposable
{
    private const string Insert = "INSERT INTO online(user_id) VALUES(?1) ON CONFLICT DO NOTHING";
    private const string Delete = "DELETE FROM online WHERE user_id = ?1";
    private const string All = "SELECT user_id FROM online";

    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);

    /// <summary>From the opening of the file to the end of the last user's grace, beside the grace itself.</summary>
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly DataFile _file;
    private readonly TimeProvider _clock;
    private readonly ILogger<SqliteOnlineList> _logger;
    private readonly HashSet<string> _users;
    private readonly HashSet<string> _unconfirmed;
    private readonly DateTimeOffset _believedUntil;
    private readonly ITimer _timer;
    private Dictionary<string, bool> _changed = new(StringComparer.Ordinal);

    public SqliteOnlineList(DataFile file, IOptions<PresenceOptions> options, TimeProvider clock, ILogger<SqliteOnlineList> logger)
    {
        (_file, _clock, _logger) = (file, clock, logger);
        _users = file.Read(static (reader, _) => ReadAll(reader), 0);
        _unconfirmed = new(_users, StringComparer.Ordinal);
        _believedUntil = clock.GetUtcNow() + options.Value.GracePeriod + StartTime;
        _timer = clock.CreateTimer(static list => _ = ((SqliteOnlineList)list!).FlushAsync(), this, FlushInterval, FlushInterval);
    }

    public ValueTask AddAsync(string userId)
    {
        lock (_gate)
        {
            _unconfirmed.Remove(userId);
            if (_users.Add(userId))
            {
                _changed[userId] = true;
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask RemoveAsync(string userId)
    {
        lock (_gate)
        {
            _unconfirmed.Remove(userId);
            TakeOff(userId);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<OnlineUsers> ReadAsync(int limit)
    {
        lock (_gate)
        {
            if (_unconfirmed.Count > 0 && _clock.GetUtcNow() >= _believedUntil)
            {
                foreach (var userId in _unconfirmed)
                {
                    TakeOff(userId);
                }

                _unconfirmed.Clear();
            }

            return new(new OnlineUsers(_users.Count, [.. _users.Take(limit)]));
        }
    }

    /// <summary>Queues what is not written yet: the data file, which is closed after this, writes it.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        _ = FlushAsync();
    }

    private static HashSet<string> ReadAll(Connection reader)
    {
        var users = new HashSet<string>(StringComparer.Ordinal);
        var select = reader.Prepare(All);
        try
        {
            while (select.Step())
            {
                users.Add(Encoding.UTF8.GetString(select.Bytes(0)));
            }

            return users;
        }
        finally
        {
            select.Reset();
        }
    }

    private void TakeOff(string userId)
    {
        if (_users.Remove(userId))
        {
            _changed[userId] = false;
        }
    }

    /// <summary>Writes how each user who changed is listed now.</summary>
    private async Task FlushAsync()
    {
        Dictionary<string, bool> changed;
        lock (_gate)
        {
            if (_changed.Count == 0)
            {
                return;
            }

            (changed, _changed) = (_changed, new(StringComparer.Ordinal));
        }

        try
        {
            await _file.WriteAsync(writer => Write(writer, changed));
        }
        catch (Exception exception)
        {
            Log.NotWritten(_logger, exception);
            lock (_gate)
            {
                foreach (var (userId, isListed) in changed)
                {
                    _changed.TryAdd(userId, isListed);
                }
            }
        }
    }

    private static int Write(Connection writer, Dictionary<string, bool> changed)
    {
        foreach (var (userId, isListed) in changed)
        {
            writer.Prepare(isListed ? Insert : Delete).Bind(1, Encoding.UTF8.GetBytes(userId)).Run();
        }

        return changed.Count;
    }

    /// <summary>Event ids 3210 to 3219 belong to this class.</summary>
    private static partial class Log
    {
        [LoggerMessage(3210, LogLevel.Warning, "The list of those online could not be written; it will be again.")]
        public static partial void NotWritten(ILogger logger, Exception exception);
    }
}
