using Presence.Gateway.Connections;
using Presence.Gateway.Protocol;
using Presence.Gateway.Sessions;
using Presence.Grains;
using Presence.Grains.Settings;

namespace Presence.Gateway.Delivery;

/// <summary>
/// Snapshots. A list is made under the lock of the connection's queue: an update that is in it was queued before it or comes after it
/// with the same version, never with an older one.
/// </summary>
internal sealed class PresenceLists(TimingWheel wheel, Freshness freshness, TimeProvider clock, PresenceOptions presence)
{
    /// <summary>Queues a snapshot for who asked for it.</summary>
    public void Send(Session session, PresenceQuestion question, RequestId id)
    {
        session.Connection.Output.Send((this, session, question, id), static s => s.Item1.Build(s.session, s.question, s.id));
        freshness.Remind(session.Connection.Output, question.Asked);
    }

    /// <summary>Writes one presence as the viewer sees it.</summary>
    public void Write(JsonWriter json, UserEntry entry, UserPresence shown, Explanation? why = null) =>
        Write(json, entry, shown, clock.GetUtcNow().AddMilliseconds(entry.LastProof - wheel.NowMs), why);

    private Frame Build(Session session, PresenceQuestion question, RequestId id)
    {
        var json = ServerMessages.StartList();
        var (now, nowMs) = (clock.GetUtcNow(), wheel.NowMs);
        var seen = question.Asked.Count > 1 ? new HashSet<UserEntry>(question.Asked.Count, ReferenceEqualityComparer.Instance) : null;
        var start = json.Length;
        foreach (var entry in question.Asked)
        {
            if (seen is not null && !seen.Add(entry))
            {
                continue;
            }

            var isOwn = entry == session.Self.User;
            var shown = isOwn ? null : entry.ShownTo(session.UserId);
            var version = shown?.Version ?? entry.Own!.Version;
            NoteSent(session.Find(entry.Id), version);
            if (question.Known is { } known && known.TryGetValue(entry.Id, out var held) && held == version)
            {
                continue;
            }

            json.Raw(json.Length == start ? ""u8 : ","u8);
            Write(json, entry, shown, now.AddMilliseconds(entry.LastProof - nowMs), question.Why?.GetValueOrDefault(entry.Id));
        }

        return ServerMessages.FinishList(json, id);
    }

    /// <summary>A subscriber with this version needs no update of it, nor of an older one.</summary>
    private static void NoteSent(Subscription? subscription, long version)
    {
        if (subscription is not null && (subscription.Version == Subscription.Muted || subscription.Version < version))
        {
            subscription.Version = version;
        }
    }

    private void Write(JsonWriter json, UserEntry entry, UserPresence? shown, DateTimeOffset lastProof, Explanation? why)
    {
        if (shown is null)
        {
            PresenceJson.Write(json, entry.Own!, Later(entry, entry.Own!.LastSeen, lastProof), why);
            return;
        }

        // Without a last seen it is not for this viewer.
        var isThere = shown is { Status: not PresenceStatus.Offline, LastSeen: not null };
        PresenceJson.Write(json, shown, isThere ? Later(entry, shown.LastSeen, RoundDown(lastProof)) : shown.LastSeen, why);
    }

    /// <summary>Heartbeats do not reach the owner: who is connected here was last seen when this gateway last heard of it.</summary>
    private static DateTimeOffset? Later(UserEntry entry, DateTimeOffset? lastSeen, DateTimeOffset lastProof) =>
        entry.LastProof > 0 && (lastSeen is null || lastProof > lastSeen) ? lastProof : lastSeen;

    private DateTimeOffset RoundDown(DateTimeOffset time) => new(time.Ticks - (time.Ticks % presence.LastSeenStep.Ticks), TimeSpan.Zero);
}

/// <summary>What a connection wants to know.</summary>
/// <param name="Asked">In the order asked; each is listed once.</param>
/// <param name="Known">The versions that the client holds: users who have not changed since are left out.</param>
/// <param name="Why">What decides over the statuses; null: nobody asked for that.</param>
internal sealed record PresenceQuestion(List<UserEntry> Asked, Dictionary<string, long>? Known, Dictionary<string, Explanation>? Why);
