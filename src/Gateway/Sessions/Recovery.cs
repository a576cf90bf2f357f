using System.Runtime.CompilerServices;
using Presence.Gateway.Connections;
using Presence.Gateway.Delivery;
using Presence.Gateway.Lobbies;
using Presence.Gateway.Protocol;
using Presence.Gateway.Rooms;
using Presence.Grains;
using Presence.Grains.Sinks;

namespace Presence.Gateway.Sessions;

/// <summary>
/// What this gateway does with what it hears, and with what it may have missed: it asks the owners again, and tells them again of
/// everybody who is here. The sockets are the truth.
/// </summary>
internal sealed class Recovery(
    Users users, RoomReplicas rooms, LobbyReplica lobby, ConnectionRegistry connections, SignIn signIn, Departures departures, Freshness freshness, OwnPause pause,
    TimingWheel wheel, TimeProvider clock, ILogger<Recovery> logger)
    : ISinkListener
{
    private const int MaxAtOnce = 64;

    private static readonly TimeSpan ProofInterval = TimeSpan.FromMilliseconds(250);

    public void Deliver(SinkEvent sinkEvent, SiloLife silo)
    {
        switch (sinkEvent)
        {
            case PresenceChanged change:
                users.Deliver(change, silo);
                break;
            case ConnectionSignedOut signedOut:
                connections.Find(signedOut.ConnectionId)?.End(CloseCodes.SignedOut);
                break;
            case ConnectionReplaced replaced:
                connections.Find(replaced.ConnectionId)?.End(CloseCodes.Replaced);
                break;
            default:
                rooms.Take(sinkEvent);
                lobby.Take(sinkEvent);
                break;
        }
    }

    public async Task RecoverAsync(SiloLife silo, bool isSilent, CancellationToken cancellationToken)
    {
        List<UserEntry> entries = [.. users.All.Where(entry => entry.Silo == silo)];
        List<Session> sessions = [.. Sessions().Where(session => session.Self.User.Silo == silo)];
        await Task.WhenAll(
            ShowAgainAsync(entries, isSilent, cancellationToken),
            TellAgainAsync(ProvenAsync(sessions, ResumedMs, cancellationToken), cancellationToken));
        await ReattachAsync(cancellationToken);
        RecoveryLog.Recovered(logger, silo.Address, entries.Count);
    }

    public async Task BeginAgainAsync(string life, Task heard, CancellationToken cancellationToken)
    {
        List<UserEntry> entries = [.. users.All];
        entries.ForEach(entry => entry.IsKnown = false);
        freshness.RecoveryBegins(entries, staleSince: null);
        try
        {
            var telling = TellAgainAsync(ProvenAsync([.. Sessions()], wheel.NowMs, cancellationToken), cancellationToken);
            await AskAgainAsync(entries, cancellationToken);
            await heard;
            entries = [.. users.All];
            await Task.WhenAll(AskAgainAsync(entries, cancellationToken), telling);
            await ReattachAsync(cancellationToken);
        }
        finally
        {
            freshness.RecoveryEnds(entries);
        }

        RecoveryLog.Announced(logger, life);
    }

    public void Blind(DateTimeOffset since) => freshness.Blind(since);

    public void Sees() => freshness.Sees();

    /// <summary>Rooms and the lobby may have been on the silo, or held this gateway's old life.</summary>
    private Task ReattachAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(rooms.ReattachAsync(Some(cancellationToken)), lobby.ReattachAsync());

    private IEnumerable<Session> Sessions() => connections.All.Select(connection => connection.Session).OfType<Session>();

    /// <summary>When this process last went on after a pause, on the wheel's clock; negative for never.</summary>
    private long ResumedMs => pause.Resumed is var resumed and not 0 ? wheel.NowMs - (long)clock.GetElapsedTime(resumed).TotalMilliseconds : -1;

    /// <summary>
    /// Each session once it has proven to be there: after a pause of this process a socket may look open whose client has long been elsewhere.
    /// </summary>
    private async IAsyncEnumerable<Session> ProvenAsync(
        List<Session> waiting, long since, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var session in waiting.Where(session => session.Connection.LastReceived <= since))
        {
            session.Connection.SendPing();
        }

        while (waiting.Count > 0)
        {
            waiting.RemoveAll(session => !IsOpen(session));
            var proven = waiting.Where(session => session.Connection.LastReceived > since).ToHashSet();
            foreach (var session in proven)
            {
                yield return session;
            }

            waiting.RemoveAll(proven.Contains);
            if (waiting.Count > 0)
            {
                await Task.Delay(ProofInterval, clock, cancellationToken);
            }
        }
    }

    private Task TellAgainAsync(IAsyncEnumerable<Session> sessions, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(sessions, Some(cancellationToken), (session, _) => TellAgainAsync(session, cancellationToken));

    private ValueTask TellAgainAsync(Session session, CancellationToken cancellationToken) => RepeatAsync(
        async () =>
        {
            if (!IsOpen(session))
            {
                return;
            }

            await signIn.ConnectAsync(session);
            if (connections.Find(session.Connection.Id) is null)
            {
                // It has ended meanwhile, and its owner may have heard of that first.
                departures.Lose(session.UserId, session.Connection.Id, session.Connection.LastProof);
            }
        },
        cancellationToken);

    /// <summary>A socket that is being closed is as good as gone, whatever still comes of it.</summary>
    private bool IsOpen(Session session) => !session.Connection.IsClosing && connections.Find(session.Connection.Id) is not null;

    private async Task ShowAgainAsync(List<UserEntry> entries, bool isStale, CancellationToken cancellationToken)
    {
        freshness.RecoveryBegins(entries, isStale ? clock.GetUtcNow() - SinkFeed.SiloSilence : null);
        try
        {
            await AskAgainAsync(entries, cancellationToken);
        }
        finally
        {
            freshness.RecoveryEnds(entries);
        }
    }

    private Task AskAgainAsync(List<UserEntry> entries, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(entries, Some(cancellationToken), (entry, _) => RepeatAsync(() => users.WatchAgainAsync(entry), cancellationToken));

    private static ParallelOptions Some(CancellationToken cancellationToken) =>
        new() { MaxDegreeOfParallelism = MaxAtOnce, CancellationToken = cancellationToken };

    private ValueTask RepeatAsync(Func<Task> call, CancellationToken cancellationToken) =>
        Repeat.UntilItSucceedsAsync(call, clock, logger, cancellationToken);
}

internal static partial class RecoveryLog
{
    [LoggerMessage(2210, LogLevel.Information, "The owners of {Users} users who were on silo {Silo} have answered again.")]
    public static partial void Recovered(ILogger logger, string silo, int users);

    [LoggerMessage(2211, LogLevel.Information, "Everybody here is announced under the new life {Life}.")]
    public static partial void Announced(ILogger logger, string life);
}
