using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Presence.Grains.Rules.Lobbies;
using Presence.Grains.Settings;

namespace Presence.Grains;

/// <summary>Looks at the list of those online while somebody wants to know, and tells the sinks what changed.</summary>
[GrainType("presence-lobby")]
internal sealed partial class LobbyGrain(
    IOnlineList list, Outbox outbox, IOptions<PresenceOptions> options, TimeProvider clock, ILogger<LobbyGrain> logger) : Grain, ILobbyGrain
{
    /// <summary>However small the window, the list is not read more often.</summary>
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(50);

    private readonly HashSet<string> _sinks = new(StringComparer.Ordinal);

    // A later activation goes on above: a sink sees the gap and asks anew.
    private readonly Lobby _lobby = new(options.Value.LobbyRosterLimit, clock.GetUtcNow().UtcTicks / TimeSpan.TicksPerMillisecond);
    private IGrainTimer? _timer;

    public async ValueTask<LobbySnapshot?> AttachAsync(string sink, long version)
    {
        if (_timer is null)
        {
            await LookAsync();
        }

        _sinks.Add(sink);
        _timer ??= this.RegisterGrainTimer(
            static (grain, _) => grain.OnTimerAsync(), this, new GrainTimerCreationOptions(Interval, Interval) { KeepAlive = true });
        var snapshot = _lobby.Snapshot;
        return snapshot.Version == version ? null : snapshot;
    }

    public ValueTask DetachAsync(string sink)
    {
        _sinks.Remove(sink);
        StopWhenUnwatched();
        return ValueTask.CompletedTask;
    }

    private TimeSpan Interval => options.Value.UpdateWindow > ShortestInterval ? options.Value.UpdateWindow : ShortestInterval;

    private async Task OnTimerAsync()
    {
        try
        {
            await LookAsync();
        }
        catch (Exception exception)
        {
            Log.ListUnreadable(logger, exception);
        }
    }

    private async Task LookAsync()
    {
        var (online, users) = await list.ReadAsync(options.Value.LobbyRosterLimit);
        if (_lobby.Update(online, users) is { } change)
        {
            _sinks.RemoveWhere(sink => !outbox.Enqueue(sink, change));
            StopWhenUnwatched();
        }
    }

    private void StopWhenUnwatched()
    {
        if (_sinks.Count == 0)
        {
            _timer?.Dispose();
            _timer = null;
        }
    }

    /// <summary>Event ids 1300 to 1309 belong to this class.</summary>
    private static partial class Log
    {
        [LoggerMessage(1300, LogLevel.Warning, "The list of those online could not be read; the next window tries again.")]
        public static partial void ListUnreadable(ILogger logger, Exception exception);
    }
}
