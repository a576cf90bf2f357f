using Presence.Gateway.Connections;

namespace Presence.Gateway.Delivery;

/// <summary>One connection that hears of one user.</summary>
internal sealed class Subscription(UserEntry user, SendQueue queue)
{
    /// <summary>A subscriber that waits for its snapshot: no update is newer than this.</summary>
    public const long Muted = long.MaxValue;

    public UserEntry User { get; } = user;

    public SendQueue Queue { get; } = queue;

    /// <summary>The user who is on the connection, and sees what that user may see.</summary>
    public string Viewer { get; init; } = "";

    /// <summary>The last version that this connection was sent. Guarded by the queue's lock.</summary>
    public long Version { get; set; } = Muted;

    /// <summary>Its place in its list, so that it can leave a list of thousands at once. Guarded by the user's lock.</summary>
    public int Index { get; set; } = -1;
}

/// <summary>Subscriptions without order, from which one leaves as fast as it came.</summary>
internal struct SubscriptionList
{
    private Subscription[]? _items;

    public int Count { get; private set; }

    public readonly ReadOnlySpan<Subscription> Items => _items.AsSpan(0, Count);

    public void Add(Subscription subscription)
    {
        if (subscription.Index >= 0)
        {
            return;
        }

        if (_items is null || Count == _items.Length)
        {
            Array.Resize(ref _items, Math.Max(1, Count * 2));
        }

        subscription.Index = Count;
        _items[Count++] = subscription;
    }

    public void Remove(Subscription subscription)
    {
        if (subscription.Index < 0)
        {
            return;
        }

        var last = _items![--Count];
        _items[subscription.Index] = last;
        _items[Count] = null!;
        last.Index = subscription.Index;
        subscription.Index = -1;
        if (Count == 0)
        {
            _items = null;
        }
    }
}
