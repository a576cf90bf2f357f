using Presence.Gateway.Protocol;
using Presence.Grains;

namespace Presence.Gateway.Delivery;

/// <content>
/// A user who is not shown to all alike. When that changes, nobody here hears of the user until the owner has said what each viewer is
/// to it; then each hears at once what it gained or lost.
/// </content>
internal sealed partial class UserEntry
{
    private volatile Viewers? _viewers;

    private bool IsByClass => Public is { } all && all.Shown.HasFlag(Shown.ByClass);

    /// <summary>What this viewer may see. Asks for no lock, since lists are made under that of a queue.</summary>
    public UserPresence ShownTo(string viewer) => Sight.Of(Public, _viewers, viewer) ?? UserPresence.Nobody(Id);

    /// <summary>What whoever is neither contact nor blocked may see: for what is made once for all.</summary>
    public UserPresence ShownToStrangers => !IsByClass ? Public ?? UserPresence.Nobody(Id)
        : _viewers?.Views is { Stranger: { Version: > 0 } stranger } ? stranger
        : UserPresence.Nobody(Id);

    /// <summary>Whether the owner has said what the classes of viewers may see of what the user shows now.</summary>
    public bool KnowsViews
    {
        get
        {
            var all = Public;
            return all is not null && (!all.Shown.HasFlag(Shown.ByClass)
                || (_viewers is { Views: not null } viewers && viewers.Version == all.Version));
        }
    }

    /// <summary>Whether the owner has said what this viewer may see of what the user shows now.</summary>
    public bool Knows(string viewer) => KnowsViews && (!IsByClass || _viewers?.Classes.ContainsKey(viewer) == true);

    /// <summary>Takes what the owner says of viewers; an answer of before the latest change of policy is not used.</summary>
    public void Take(Classified answer, string[] viewers)
    {
        lock (this)
        {
            Accept(answer.Presence, own: null, answer.Views);
            if (_viewers is not { } known || !IsSamePolicy(answer.Presence))
            {
                return;
            }

            _viewers = known.With(viewers, answer.Classes);
        }
    }

    /// <summary>
    /// The viewers that the owner must be asked for, after a change of whom the user shows itself to; null: none. When all have been asked
    /// for, each hears what it gained or lost.
    /// </summary>
    public string[]? NextQuestion()
    {
        lock (this)
        {
            if (_viewers is not { Before: { } before } viewers)
            {
                return null;
            }

            var unknown = new HashSet<string>(StringComparer.Ordinal);
            foreach (var subscription in _subscribers.Items)
            {
                if (!Knows(subscription.Viewer))
                {
                    unknown.Add(subscription.Viewer);
                }
            }

            if (unknown.Count > 0)
            {
                return [.. unknown];
            }

            _viewers = viewers with { Before = null };
            TellWhatChanged(before);
            return null;
        }
    }

    private bool IsSamePolicy(UserPresence other) => Public is { } all && all.Policy == other.Policy && all.Shown == other.Shown;

    /// <summary>Takes a newer state of the user.</summary>
    private void Become(UserPresence presence, ClassViews? views)
    {
        users.Recent.Note(Public, presence);
        var before = _viewers?.Before ?? new Sight(Public, _viewers, _isPublicPending);
        var isSamePolicy = IsSamePolicy(presence);
        if (presence.Shown.HasFlag(Shown.ByClass) && !(isSamePolicy && views is not null))
        {
            // First of all, so that nobody sees the new state under the old policy.
            var viewers = Viewers.Unknown(before.All is null ? null : before);
            _viewers = isSamePolicy && _viewers is { } same ? viewers with { Classes = same.Classes } : viewers;
        }

        Public = presence;
        if (!IsByClass)
        {
            _viewers = null;
            if (isSamePolicy || before.All is null)
            {
                OfferPublic();
            }
            else
            {
                TellWhatChanged(before);
            }
        }
        else if (_viewers!.Before is not null)
        {
            AskAgain();
        }
    }

    /// <summary>Takes what the classes see of the state that is known.</summary>
    private void BecomeSeen(UserPresence presence, ClassViews views)
    {
        if (_viewers is { } viewers && IsSamePolicy(presence) && presence.Version == Public!.Version
            && (viewers.Views is null || viewers.Version < presence.Version))
        {
            _viewers = viewers with { Views = views, Version = presence.Version };
            OfferPublic();
        }
    }

    private void AskAgain()
    {
        if (_subscribers.Count > 0)
        {
            users.AskAgain(this);
        }
        else
        {
            // The next one who wants to know asks for itself.
            _viewers = _viewers! with { Before = null };
        }
    }

    private int FanOutByClass(Viewers viewers)
    {
        if (viewers is not { Before: null, Views: { } views })
        {
            return 0;
        }

        var (toStrangers, toContacts, sent) = ((Frame?)null, (Frame?)null, 0);
        foreach (var subscription in _subscribers.Items)
        {
            if (viewers.See(subscription.Viewer) is not { } seen)
            {
                continue;
            }

            var frame = ReferenceEquals(seen, views.Stranger)
                ? toStrangers ??= ServerMessages.Update(seen, this)
                : toContacts ??= ServerMessages.Update(seen, this);
            sent += subscription.Queue.Offer(frame, subscription, seen.Version) ? 1 : 0;
        }

        users.Metrics.Updated(sent);
        return sent;
    }

    /// <summary>
    /// Each subscriber hears what it gained or lost, and nothing when that is nothing. While the user looks offline there is nothing to
    /// tell: an update then would tell that the user is there and has changed something.
    /// </summary>
    private void TellWhatChanged(Sight before)
    {
        var isPending = before.IsPending || _isPublicPending;
        foreach (var subscription in _subscribers.Items)
        {
            var old = before.Of(subscription.Viewer);
            var seen = Sight.Of(Public, _viewers, subscription.Viewer);
            var lookedOffline = old is null || (old.Status == PresenceStatus.Offline && !isPending);
            if ((old is null && seen is null) || (lookedOffline && seen is null or { Status: PresenceStatus.Offline }))
            {
                continue;
            }

            if (seen is null)
            {
                // The last it hears.
                seen = UserPresence.Nobody(Id) with { Version = Public!.Version };
            }
            else if (!isPending && LookSame(old, seen))
            {
                continue;
            }

            subscription.Queue.Offer(ServerMessages.Update(seen, this), subscription, seen.Version);
        }
    }

    private static bool LookSame(UserPresence? a, UserPresence b) =>
        a is not null && a.Status == b.Status && a.LastSeen == b.LastSeen && a.Said == b.Said;
}
