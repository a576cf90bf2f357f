namespace Presence.Client;

/// <summary>What happened, in the order in which it happened.</summary>
public abstract record PresenceEvent;

/// <summary>Somebody watched, or oneself, changed; or is now out of sight, or in sight again (<see cref="UserPresence.IsStale"/>).</summary>
/// <param name="Presence">What is known now.</param>
public sealed record PresenceChanged(UserPresence Presence) : PresenceEvent;

/// <summary>The members of a room changed, or are not up to date any more.</summary>
/// <param name="Room">What is known now.</param>
public sealed record RoomChanged(RoomSnapshot Room) : PresenceEvent;

/// <summary>Somebody in a room began or ended to type.</summary>
/// <param name="RoomId">Where.</param>
/// <param name="UserId">Who.</param>
/// <param name="IsTyping">Whether it began.</param>
public sealed record TypingChanged(string RoomId, string UserId, bool IsTyping) : PresenceEvent;

/// <summary>The connection is in another state.</summary>
/// <param name="State">The new one.</param>
/// <param name="CloseCode">Why the last connection ended; null when it did not. 1006: without a close frame.</param>
public sealed record ConnectionChanged(PresenceConnectionState State, int? CloseCode) : PresenceEvent;

/// <summary>What nobody awaits went wrong: subscribing or joining again after a reconnect.</summary>
/// <param name="Error">What the server said.</param>
public sealed record RequestFailed(PresenceException Error) : PresenceEvent;

/// <summary>A room at one moment.</summary>
/// <param name="RoomId">Which room.</param>
/// <param name="Members">Everybody, or a sample of a large room.</param>
/// <param name="Count">Of everybody.</param>
/// <param name="IsTruncated">Whether the members are only a sample.</param>
/// <param name="IsStale">Whether updates may be missing at the moment.</param>
public sealed record RoomSnapshot(string RoomId, IReadOnlyList<RoomMember> Members, int Count, bool IsTruncated, bool IsStale)
{
    /// <summary>
    /// Whether this client takes part, or asked to. False after <c>RoomChanged</c> when the server took it out: it comes back by
    /// <see cref="PresenceClient.JoinAsync"/> only.
    /// </summary>
    public bool IsMember { get; init; }
}

/// <summary>Where a client is.</summary>
public enum PresenceConnectionState
{
    /// <summary>Not started, stopped, or sent away for good.</summary>
    Disconnected,

    /// <summary>On the way for the first time.</summary>
    Connecting,

    /// <summary>In.</summary>
    Connected,

    /// <summary>The connection was lost, and the next one is on the way.</summary>
    Reconnecting,
}
