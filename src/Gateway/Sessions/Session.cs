using Presence.Gateway.Authentication;
using Presence.Gateway.Connections;
using Presence.Gateway.Delivery;
using Presence.Gateway.Lobbies;
using Presence.Gateway.Rooms;
using Presence.Grains;

namespace Presence.Gateway.Sessions;

/// <summary>Who is on a connection, and what it asked for.</summary>
internal sealed class Session(Connection connection, Identity identity, Device device, Subscription self, IUserPresenceGrain owner)
{
    private Dictionary<string, Subscription>? _subscriptions;

    public Connection Connection { get; } = connection;

    /// <summary>Changes when the client refreshes its token.</summary>
    public Identity Identity { get; set; } = identity;

    public Device Device { get; } = device;

    /// <summary>The grain of the user. Kept, since making such a reference costs as much as finding its activation.</summary>
    public IUserPresenceGrain Owner { get; } = owner;

    /// <summary>How this connection hears of its own user.</summary>
    public Subscription Self { get; } = self;

    /// <summary>What the device last said of itself.</summary>
    public PresenceStatus DeviceStatus { get; set; } = PresenceStatus.Online;

    /// <summary>How often the device has set a status.</summary>
    public long StatusRequests { get; set; }

    /// <summary>The place of this connection among all of its user, as its owner has given it; 0 until then.</summary>
    public long Order { get; set; }

    /// <summary>Ends the connection when its token does; null for a token without an end.</summary>
    public TokenDeadline? TokenDeadline { get; set; }

    /// <summary>Whether the person can see the device; null until its client first says so.</summary>
    public Visibility? Visibility { get; set; }

    /// <summary>What the application keeps with the user, as it was said at sign-in; null: nothing was said.</summary>
    public string? Metadata { get; set; }

    /// <summary>The rooms that this connection is in or watches.</summary>
    public SessionRooms Rooms { get; } = new();

    /// <summary>How this connection hears of the lobby; null when it does not.</summary>
    public LobbySubscription? Lobby { get; set; }

    public string UserId => Identity.UserId;

    public int SubscriptionCount => _subscriptions?.Count ?? 0;

    public IEnumerable<Subscription> Subscriptions => _subscriptions?.Values ?? Enumerable.Empty<Subscription>();

    public bool IsSubscribed(string userId) => _subscriptions?.ContainsKey(userId) == true;

    public Subscription? Find(string userId) => _subscriptions?.GetValueOrDefault(userId);

    public void Add(Subscription subscription) =>
        (_subscriptions ??= new(StringComparer.Ordinal))[subscription.User.Id] = subscription;

    /// <summary>Ends a subscription; no update of that user is queued after this.</summary>
    public void Unsubscribe(string userId)
    {
        // The user's own updates come whether subscribed or not: that subscription is only a mark.
        if (_subscriptions is not null && _subscriptions.Remove(userId, out var subscription) && subscription != Self)
        {
            subscription.User.Remove(subscription, isOwn: false);
        }
    }

    /// <summary>Ends every subscription.</summary>
    public void Close()
    {
        TokenDeadline?.Stop();
        Visibility?.Stop();
        foreach (var subscription in Subscriptions)
        {
            if (subscription != Self)
            {
                subscription.User.Remove(subscription, isOwn: false);
            }
        }

        _subscriptions = null;
        Rooms.Close();
        Lobby?.End();
        Self.User.Remove(Self, isOwn: true);
    }
}
