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
internal sealed class PresenceLists(TimingWheel wheel, TimeProvider clock, PresenceOptions presence)
{
    /// <param name="session">Who asked.</param>
    /// <param name="asked">In the order asked; each is listed once.</param>
    /// <param name="known">The versions that the client holds: users who have not changed since are left out.</param>
    /// <param name="id">The id of the message.</param>
    public void Send(Session session, List<UserEntry> asked, Dictionary<string, long>? known, RequestId id) =>
        session.Connection.Output.Send((this, session, asked, known, id), static s => s.Item1.Build(s.session, s.asked, s.known, s.id));

    private Frame Build(Session session, List<UserEntry> asked, Dictionary<string, long>? known, RequestId id)
    {
        var json = ServerMessages.StartList();
        var now = clock.GetUtcNow();
        var nowMs = wheel.NowMs;
        var seen = asked.Count > 1 ? new HashSet<UserEntry>(asked.Count, ReferenceEqualityComparer.Instance) : null;
        var start = json.Length;
        foreach (var entry in asked)
        {
            if (seen is not null && !seen.Add(entry))
            {
                continue;
            }

            var version = entry == session.Self.User ? entry.Own!.Version : entry.Public!.Version;
            if (session.Find(entry.Id) is { } subscription && (subscription.Version == Subscription.Muted || subscription.Version < version))
            {
                subscription.Version = version;
            }

            if (known is not null && known.TryGetValue(entry.Id, out var held) && held == version)
            {
                continue;
            }

            json.Raw(json.Length == start ? ""u8 : ","u8);
            Write(json, entry, entry == session.Self.User, now.AddMilliseconds(entry.LastProof - nowMs));
        }

        return ServerMessages.FinishList(json, id);
    }

    private void Write(JsonWriter json, UserEntry entry, bool isOwn, DateTimeOffset lastProof)
    {
        if (isOwn)
        {
            PresenceJson.Write(json, entry.Own!, Later(entry, entry.Own!.LastSeen, lastProof));
            return;
        }

        var shown = entry.Public!;
        var isShown = shown.Status != PresenceStatus.Offline;
        PresenceJson.Write(json, shown, isShown ? Later(entry, shown.LastSeen, RoundDown(lastProof)) : shown.LastSeen);
    }

    /// <summary>Heartbeats do not reach the owner: who is connected here was last seen when this gateway last heard of it.</summary>
    private static DateTimeOffset? Later(UserEntry entry, DateTimeOffset? lastSeen, DateTimeOffset lastProof) =>
        entry.LastProof > 0 && (lastSeen is null || lastProof > lastSeen) ? lastProof : lastSeen;

    private DateTimeOffset RoundDown(DateTimeOffset time) => new(time.Ticks - (time.Ticks % presence.LastSeenStep.Ticks), TimeSpan.Zero);
}
