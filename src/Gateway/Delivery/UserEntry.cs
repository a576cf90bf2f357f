using Presence.Gateway.Connections;
using Presence.Gateway.Protocol;
using Presence.Grains;

namespace Presence.Gateway.Delivery;

/// <summary>
/// What this gateway knows of one user, who here hears of it, and when the next update may go out. A change is encoded once for
/// each view and the frame is shared.
/// </summary>
internal sealed partial class UserEntry(string id, Users users) : WheelEntry
{
    private SubscriptionList _subscribers;
    private SubscriptionList _own;
    private long _publicWindowEnds;
    private long _ownWindowEnds;
    private long _lastUsed = users.NowMs;
    private bool _isPublicPending;
    private bool _isOwnPending;
    private bool _isRemoved;

    public string Id { get; } = id;

    /// <summary>What others see: never older than what anybody here was sent. Null until first heard of.</summary>
    public UserPresence? Public { get; private set; }

    /// <summary>What the user's own connections see; null while none is here.</summary>
    public OwnPresence? Own { get; private set; }

    /// <summary>The latest proof of life of a connection that is or was here, on the gateway's own clock; 0 without one.</summary>
    public long LastProof { get; set; }

    /// <summary>The silo that owns the user, as far as was heard; null until then.</summary>
    public SiloLife? Silo { get; set; }

    /// <summary>Nothing is heard of the owner: what is shown may be out of date.</summary>
    public bool IsStale { get; set; }

    /// <summary>The call that asks the owner, while it runs.</summary>
    public Task? Watching { get; set; }

    /// <summary>Adds a subscriber, muted until it has its snapshot.</summary>
    /// <returns>False when the entry was just forgotten: take a new one.</returns>
    public bool TryAdd(Subscription subscription, bool isOwn)
    {
        lock (this)
        {
            if (_isRemoved)
            {
                return false;
            }

            (isOwn ? ref _own : ref _subscribers).Add(subscription);
            users.Metrics.Subscribed(isOwn ? 0 : 1);
            return true;
        }
    }

    public void Remove(Subscription subscription, bool isOwn)
    {
        lock (this)
        {
            (isOwn ? ref _own : ref _subscribers).Remove(subscription);
            users.Metrics.Subscribed(isOwn ? 0 : -1);
            if (IsUnused)
            {
                Touch();
                users.Linger(this);
            }
        }
    }

    /// <summary>Keeps the entry for another linger time.</summary>
    public void Touch() => _lastUsed = users.NowMs;

    /// <summary>Takes what the owner says; what is not newer than what is known changes nothing.</summary>
    public void Accept(UserPresence? presence, OwnPresence? own, ClassViews? views = null)
    {
        lock (this)
        {
            if (presence is not null && (Public is null || presence.Version > Public.Version || presence.Policy > Public.Policy))
            {
                Become(presence, views);
            }

            if (presence is not null && views is not null)
            {
                BecomeSeen(presence, views);
            }

            if (own is not null && (Own is null || own.Version > Own.Version))
            {
                Own = own;
                OfferOwn();
            }
        }
    }

    /// <summary>Adds this user to what each connection that hears of it is to be told.</summary>
    public void CollectReaders(Dictionary<SendQueue, List<string>> readers)
    {
        lock (this)
        {
            Collect(_subscribers.Items, readers);
            Collect(_own.Items, readers);
        }
    }

    /// <summary>Whether the owner has answered, and tells of every change since.</summary>
    public bool IsKnown { get; set; }

    /// <summary>The end of a window, or of the linger time.</summary>
    protected internal override void OnDue()
    {
        lock (this)
        {
            if (_viewers is { Before: not null })
            {
                users.AskAgain(this);
            }

            var now = users.NowMs;
            if (_isPublicPending && now >= _publicWindowEnds)
            {
                FanOutPublic(now);
            }

            if (_isOwnPending && now >= _ownWindowEnds)
            {
                FanOutOwn(now);
            }

            if (_isPublicPending || _isOwnPending)
            {
                users.Wake(this, Math.Min(_isPublicPending ? _publicWindowEnds : long.MaxValue, _isOwnPending ? _ownWindowEnds : long.MaxValue) - now);
            }
            else if (IsUnused)
            {
                _isRemoved = users.TryForget(this, now - _lastUsed);
            }
        }
    }

    private bool IsUnused => _subscribers.Count == 0 && _own.Count == 0;

    private void OfferPublic()
    {
        var now = users.NowMs;
        if (_subscribers.Count == 0)
        {
            return;
        }

        if (now >= _publicWindowEnds)
        {
            FanOutPublic(now);
        }
        else if (!_isPublicPending)
        {
            _isPublicPending = true;
            users.Wake(this, _publicWindowEnds - now);
        }
    }

    private void OfferOwn()
    {
        var now = users.NowMs;
        if (_own.Count == 0)
        {
            return;
        }

        if (now >= _ownWindowEnds)
        {
            FanOutOwn(now);
        }
        else if (!_isOwnPending)
        {
            _isOwnPending = true;
            users.Wake(this, _ownWindowEnds - now);
        }
    }

    private void FanOutPublic(long now)
    {
        _isPublicPending = false;
        var sent = _viewers is { } viewers ? FanOutByClass(viewers)
            : _subscribers.Count > 0 ? FanOut(ServerMessages.Update(Public!, this), _subscribers.Items, Public!.Version)
            : 0;
        if (sent > 0)
        {
            // Whoever has only a snapshot so far hears of the first change at once.
            _publicWindowEnds = now + users.WindowMs;
        }
    }

    private void FanOutOwn(long now)
    {
        _isOwnPending = false;
        if (_own.Count > 0 && FanOut(ServerMessages.Update(Own!, this), _own.Items, Own!.Version) > 0)
        {
            _ownWindowEnds = now + users.WindowMs;
        }
    }

    private void Collect(ReadOnlySpan<Subscription> subscriptions, Dictionary<SendQueue, List<string>> readers)
    {
        foreach (var subscription in subscriptions)
        {
            if (!readers.TryGetValue(subscription.Queue, out var userIds))
            {
                readers[subscription.Queue] = userIds = [];
            }

            userIds.Add(Id);
        }
    }

    /// <returns>How many were sent it: whoever holds that version, or waits for a snapshot, is not.</returns>
    private int FanOut(Frame frame, ReadOnlySpan<Subscription> to, long version)
    {
        var sent = 0;
        foreach (var subscription in to)
        {
            sent += subscription.Queue.Offer(frame, subscription, version) ? 1 : 0;
        }

        users.Metrics.Updated(sent);
        return sent;
    }
}
