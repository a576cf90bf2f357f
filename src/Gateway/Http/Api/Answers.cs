namespace Presence.Gateway.Http.Api;

/// <summary>A status that was set.</summary>
/// <param name="Status">As asked.</param>
/// <param name="Shown">What the user shows to itself now.</param>
internal sealed record StatusAnswer(string Status, string Shown);

/// <summary>How many there are now.</summary>
/// <param name="Count">At least 0.</param>
internal sealed record CountAnswer(int Count);

/// <summary>A claim that was set.</summary>
/// <param name="Source">Who set it.</param>
/// <param name="Status">What it shows.</param>
/// <param name="Text">What it says beside the status.</param>
/// <param name="ExpiresAt">When it lapses; null: never.</param>
internal sealed record ClaimAnswer(string Source, string Status, string? Text, DateTime? ExpiresAt);

/// <summary>Whom a user shows itself to now.</summary>
/// <param name="Privacy">Each everyone, contacts or nobody.</param>
internal sealed record PrivacyAnswer(PrivacyBody Privacy);

/// <summary>Whom a user shows itself to: each everyone, contacts or nobody; what is left out stays.</summary>
internal sealed record PrivacyBody(string? ShowOnlineStatus, string? ShowLastSeen, string? ShowActivity);

/// <summary>Users.</summary>
internal sealed record UserIdsBody(string[] UserIds);

/// <summary>A status to set.</summary>
internal sealed record StatusBody(string Status, DateTime? ExpiresAt);

/// <summary>A claim to set.</summary>
internal sealed record ClaimBody(string Status, string? Text, DateTime? ExpiresAt);

/// <summary>A room as it was last published; the fields of members are in docs/protocol.md.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="Version">0 for a room in which nobody is.</param>
/// <param name="Count">How many members are listed.</param>
/// <param name="Members">All of them; of a large room a sample, or none.</param>
/// <param name="Truncated">Whether they are not all.</param>
/// <param name="Tier">How much of it is told: full, coalesced, sampled or counts.</param>
internal sealed record RoomAnswer(string RoomId, long Version, int Count, MemberAnswer[] Members, bool? Truncated, string Tier);

/// <summary>A member of a room.</summary>
internal sealed record MemberAnswer(string UserId, string Status, object? Metadata, DateTime JoinedAt);

/// <summary>What users show.</summary>
internal sealed record PresencesAnswer(PresenceAnswer[] Presences);

/// <summary>What a user shows; further fields are in docs/protocol.md.</summary>
internal sealed record PresenceAnswer(string UserId, string Status, DateTime? LastSeen, long Version);
