namespace Presence.Client.Wire;

/// <summary>One message of the server: every field that any of them has.</summary>
internal sealed record ServerMessage
{
    public string Type { get; init; } = "";

    public long? Id { get; init; }

    public string? Code { get; init; }

    public string? Message { get; init; }

    public bool Retryable { get; init; }

    /// <summary>Milliseconds.</summary>
    public long? RetryAfter { get; init; }

    /// <summary>Places in the <c>userIds</c> of what was asked.</summary>
    public IReadOnlyList<int>? Refused { get; init; }

    public string? ConnectionId { get; init; }

    /// <summary>Milliseconds.</summary>
    public long HeartbeatInterval { get; init; }

    /// <summary>Milliseconds.</summary>
    public long? After { get; init; }

    public PresenceStatus? Status { get; init; }

    public PresenceStatus? Shown { get; init; }

    public UserPresence? Presence { get; init; }

    public IReadOnlyList<UserPresence>? Presences { get; init; }

    public IReadOnlyList<string>? UserIds { get; init; }

    public string? UserId { get; init; }

    public string? RoomId { get; init; }

    public long Version { get; init; }

    public int Count { get; init; }

    public bool Truncated { get; init; }

    public IReadOnlyList<RoomMember>? Members { get; init; }

    public IReadOnlyList<RoomMember>? Joined { get; init; }

    public IReadOnlyList<RoomMember>? Updated { get; init; }

    public IReadOnlyList<string>? Left { get; init; }

    public bool Typing { get; init; }

    public PrivacySettings? Privacy { get; init; }
}
