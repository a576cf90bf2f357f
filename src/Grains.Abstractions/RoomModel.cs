namespace Presence.Grains;

/// <summary>How much of a room its members hear, by its size. The numbers are stored and travel: never renumber, never reuse.</summary>
public enum RoomTier
{
    /// <summary>Every change, within <c>UpdateWindow</c>.</summary>
    Full = 0,

    /// <summary>Every change, within twice <c>UpdateWindow</c>.</summary>
    Coalesced = 1,

    /// <summary>The count and a sample of the members, every four times <c>UpdateWindow</c>.</summary>
    Sampled = 2,

    /// <summary>The count alone, every four times <c>UpdateWindow</c>.</summary>
    Counts = 3,
}

/// <summary>A member of a room, as everybody sees it.</summary>
/// <param name="UserId">The user.</param>
/// <param name="Status">Never offline, never invisible.</param>
/// <param name="Metadata">A JSON object; null for none.</param>
/// <param name="JoinedAt">Since when the member is listed.</param>
[GenerateSerializer, Immutable, Alias("presence.room-member")]
public sealed record RoomMember(
    [property: Id(0)] string UserId,
    [property: Id(1)] PresenceStatus Status,
    [property: Id(2)] string? Metadata,
    [property: Id(3)] DateTimeOffset JoinedAt)
{
    /// <summary>The order of a roster: the longest listed first.</summary>
    public static Comparison<RoomMember> Order { get; } = static (a, b) =>
        a.JoinedAt.CompareTo(b.JoinedAt) is not 0 and var order ? order : string.CompareOrdinal(a.UserId, b.UserId);
}

/// <summary>A room as it was last published.</summary>
/// <param name="Version">Consecutive for each life of a room; it jumps upwards when the room's silo was lost.</param>
/// <param name="Count">How many members are listed.</param>
/// <param name="Tier">How much of it is told.</param>
/// <param name="Members">All listed ones in their order; from <see cref="RoomTier.Sampled"/> on a sample, or none.</param>
[GenerateSerializer, Immutable, Alias("presence.room-snapshot")]
public sealed record RoomSnapshot(
    [property: Id(0)] long Version, [property: Id(1)] int Count, [property: Id(2)] RoomTier Tier, [property: Id(3)] RoomMember[] Members)
{
    /// <summary>
    /// Whether members may be missing, because the room was lost and not all gateways have named theirs yet. Whoever holds an older
    /// state keeps it, and asks again.
    /// </summary>
    [Id(4)]
    public bool IsSettling { get; init; }
}

/// <summary>What changed in a room from one version to the next.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="Version">One more than the last.</param>
/// <param name="Count">How many members are listed now.</param>
/// <param name="Tier">How much of it is told from now on.</param>
/// <param name="Joined">Who was not listed and now is.</param>
/// <param name="Updated">Who was and is listed, and looks different.</param>
/// <param name="Left">Who was listed and is no longer.</param>
/// <param name="Members">In place of what was known of the members: the roster again, or another sample. Null: it stays.</param>
[GenerateSerializer, Immutable, Alias("presence.room-changed")]
public sealed record RoomChanged(
    [property: Id(0)] string RoomId,
    [property: Id(1)] long Version,
    [property: Id(2)] int Count,
    [property: Id(3)] RoomTier Tier,
    [property: Id(4)] RoomMember[] Joined,
    [property: Id(5)] RoomMember[] Updated,
    [property: Id(6)] string[] Left,
    [property: Id(7)] RoomMember[]? Members) : SinkEvent;

/// <summary>A listed member began or ended to type.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="UserId">The member.</param>
/// <param name="IsTyping">Whether it types now.</param>
[GenerateSerializer, Immutable, Alias("presence.typing-changed")]
public sealed record TypingChanged(
    [property: Id(0)] string RoomId, [property: Id(1)] string UserId, [property: Id(2)] bool IsTyping) : SinkEvent;

/// <summary>A server, or the user elsewhere, took the device of this connection out of a room.</summary>
/// <param name="ConnectionId">The connection.</param>
/// <param name="RoomId">The room.</param>
[GenerateSerializer, Immutable, Alias("presence.member-taken-out")]
public sealed record MemberTakenOut([property: Id(0)] string ConnectionId, [property: Id(1)] string RoomId) : SinkEvent;

/// <summary>The room leaves the memory of its silo, and its sinks with it: attach again.</summary>
/// <param name="RoomId">The room.</param>
[GenerateSerializer, Immutable, Alias("presence.room-moved")]
public sealed record RoomMoved([property: Id(0)] string RoomId) : SinkEvent;

/// <summary>The owner of a user started anew and does not know which rooms the user's devices are in: tell it.</summary>
/// <param name="UserId">The user.</param>
[GenerateSerializer, Immutable, Alias("presence.rooms-forgotten")]
public sealed record RoomsForgotten([property: Id(0)] string UserId) : SinkEvent;
