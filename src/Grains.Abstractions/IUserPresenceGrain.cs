using Orleans.Concurrency;

namespace Presence.Grains;

/// <summary>The presence of one user: devices, chosen status, what others see, and which sinks are told.</summary>
/// <remarks>
/// <para>Key: the user id, 1 to 128 characters, any literal text.</para>
/// <para>
/// Being online is stored state plus a living gateway, not an activation: the grain may leave memory at any time. State is written
/// before it is published or acknowledged. A storage failure is thrown to the caller and the grain starts anew from the stored state.
/// </para>
/// <para>
/// Any call may throw <see cref="TimeoutException"/> or <see cref="PresenceUnavailableException"/>: it may or may not have taken effect,
/// and is safe to repeat.
/// </para>
/// </remarks>
[Alias("presence.user")]
public interface IUserPresenceGrain : IGrainWithStringKey
{
    /// <summary>
    /// A device is connected. The same device id takes the place of its earlier connection: others see nothing, and the earlier
    /// connection's gateway is told by <see cref="ConnectionReplaced"/>. Repeating a connection id changes nothing but its gateway's life.
    /// A gateway that says again that a connection is there (<see cref="ConnectRequest.Order"/>) never takes the place of a newer one.
    /// </summary>
    [Alias("Connect")]
    ValueTask<ConnectResult> ConnectAsync(ConnectRequest request);

    /// <summary>The device is gone: it left, or its grace period is over. A connection id that is not current changes nothing.</summary>
    /// <param name="connectionId">As given to <see cref="ConnectAsync"/>.</param>
    /// <param name="lastProof">The last proof of life; becomes the user's last seen when this was the last device.</param>
    [Alias("Disconnect")]
    ValueTask DisconnectAsync(string connectionId, DateTimeOffset lastProof);

    /// <summary>The person sets a status by hand.</summary>
    [Alias("SetStatus")]
    ValueTask<SetStatusResult> SetStatusAsync(SetStatusRequest request);

    /// <summary>The person touched an idle device: it is online again. Changes nothing for a device that is not idle.</summary>
    [Alias("Activity")]
    ValueTask ActivityAsync(string connectionId);

    /// <summary>
    /// Another service sets a claim, in place of its earlier one. The claim of the highest priority that has not lapsed shows; nothing
    /// shows without a device. Kept until it lapses or is removed, also over disconnects and restarts.
    /// </summary>
    /// <returns>
    /// <see cref="Refusal.None"/>, or <see cref="Refusal.UnknownSource"/>: not configured, or <c>manual</c>, which is the person's own.
    /// </returns>
    /// <exception cref="ArgumentException">The status cannot be claimed, or the text is too long.</exception>
    [Alias("SetClaim")]
    ValueTask<Refusal> SetClaimAsync(PresenceClaim claim);

    /// <summary>Removes the claim of a source; changes nothing when there is none. Returns as <see cref="SetClaimAsync"/>.</summary>
    [Alias("RemoveClaim")]
    ValueTask<Refusal> RemoveClaimAsync(string source);

    /// <summary>Registers the sink's interest and returns the snapshot in one turn, so that no change falls between.</summary>
    /// <param name="sink">The sink that wants to hear of changes, a life of a gateway. Kept in memory only.</param>
    /// <param name="known">
    /// The version that the sink holds, 0 for none. One above the owner's own tells it that the storage has lost what was published.
    /// </param>
    [Alias("Watch")]
    ValueTask<WatchResult> WatchAsync(string sink, long known);

    /// <summary>Ends the sink's interest. The sink still hears of changes while it holds connections of this user.</summary>
    [Alias("Unwatch")]
    ValueTask UnwatchAsync(string sink);

    /// <summary>The class of each viewer, and what the classes see, of one moment.</summary>
    /// <param name="viewers">The ids of the viewers; each is another user.</param>
    [Alias("Classify")]
    ValueTask<Classified> ClassifyAsync(string[] viewers);

    /// <summary>What others see now, as far as they may see everything.</summary>
    [ReadOnly, AlwaysInterleave, Alias("Get")]
    ValueTask<UserPresence> GetAsync();

    /// <summary>Why the user shows what it shows. For the user itself and trusted servers only.</summary>
    [ReadOnly, AlwaysInterleave, Alias("Explain")]
    ValueTask<Explanation> ExplainAsync();

    /// <summary>
    /// The latest transitions of the status since the owner was activated, at most 50, the oldest first. Kept in memory only, so empty
    /// after a restart or a move. For operators only: it tells invisible from offline.
    /// </summary>
    [ReadOnly, AlwaysInterleave, Alias("GetTimeline")]
    ValueTask<StatusTransition[]> GetTimelineAsync();

    /// <summary>A life of a gateway is over, and its grace period too: its devices that have not come back are gone.</summary>
    /// <param name="life">The life of the gateway.</param>
    /// <param name="lastBeat">The gateway's last sign of life, which proves that of its connections.</param>
    [Alias("LoseConnections")]
    ValueTask LoseConnectionsAsync(string life, DateTimeOffset lastBeat);

    /// <summary>
    /// A device is about to join a room: from now on the room is told of every change it may show, and when the device is gone.
    /// </summary>
    /// <returns>What the room may show now; null when the connection is not, or no longer, one of this user's.</returns>
    [Alias("EnterRoom")]
    ValueTask<RoomMemberView?> EnterRoomAsync(string connectionId, string roomId);

    /// <summary>A device has left a room.</summary>
    [Alias("ExitRoom")]
    ValueTask ExitRoomAsync(string deviceId, string roomId);

    /// <summary>The rooms that a device is in, for an owner that started anew: they are told what they may show.</summary>
    [Alias("ReturnToRooms")]
    ValueTask ReturnToRoomsAsync(string connectionId, string[] roomIds);
}

/// <summary>A device that connects.</summary>
/// <param name="ConnectionId">Unique for every connection; a repeated call carries the same one.</param>
/// <param name="Life">The life of the gateway that holds the connection.</param>
/// <param name="Device">The device.</param>
/// <param name="Metadata">What the application keeps with the user from now on; null: what it kept before.</param>
[GenerateSerializer, Immutable, Alias("presence.connect-request")]
public sealed record ConnectRequest(
    [property: Id(0)] string ConnectionId,
    [property: Id(1)] string Life,
    [property: Id(2)] Device Device,
    [property: Id(20)] string? Metadata = null)
{
    /// <summary>
    /// 0 for a connection that is new. For one that its gateway asserts again: <see cref="ConnectResult.Order"/> of the first time.
    /// </summary>
    [Id(3)]
    public long Order { get; init; }

    /// <summary>The highest public version that the gateway has seen, 0 for none: versions go on above it whatever the storage lost.</summary>
    [Id(4)]
    public long KnownVersion { get; init; }

    /// <summary>The highest version of the user's own view that the gateway has seen, 0 for none.</summary>
    [Id(5)]
    public long KnownOwnVersion { get; init; }

    /// <summary>What the device last said of itself, when it is asserted again: online, idle or away.</summary>
    [Id(6)]
    public PresenceStatus DeviceStatus { get; init; } = PresenceStatus.Online;
}

/// <summary>The answer to <see cref="IUserPresenceGrain.ConnectAsync"/>.</summary>
/// <param name="Refusal">
/// <see cref="Refusal.None"/>, <see cref="Refusal.TooManyConnections"/>, or <see cref="Refusal.Replaced"/> for a connection that was
/// asserted again.
/// </param>
/// <param name="Presence">The user's own view.</param>
/// <param name="DeviceStatus">What this device last said of itself: online, idle or away.</param>
/// <param name="Public">What others see: the gateway's first snapshot of this user.</param>
[GenerateSerializer, Immutable, Alias("presence.connect-result")]
public sealed record ConnectResult(
    [property: Id(0)] Refusal Refusal,
    [property: Id(1)] OwnPresence Presence,
    [property: Id(2)] PresenceStatus DeviceStatus,
    [property: Id(3)] UserPresence Public)
{
    /// <summary>Rises with every connection of the user: the higher one of two of the same device is the newer.</summary>
    [Id(4)]
    public long Order { get; init; }

    /// <summary>The silo that owns the user for now.</summary>
    [Id(5)]
    public SiloLife? Silo { get; init; }
}

/// <summary>The answer to <see cref="IUserPresenceGrain.WatchAsync"/>.</summary>
/// <param name="Presence">The snapshot; null when the sink already holds what is known best.</param>
/// <param name="Silo">The silo that owns the user for now.</param>
[GenerateSerializer, Immutable, Alias("presence.watch-result")]
public readonly record struct WatchResult([property: Id(0)] UserPresence? Presence, [property: Id(1)] SiloLife Silo);

/// <summary>A status set by hand.</summary>
/// <param name="ConnectionId">The connection whose person sets it.</param>
/// <param name="Status">Anything but offline.</param>
/// <param name="ForUser">Away only: true overrides every device, false is this device's.</param>
/// <param name="ExpiresAt">When an override lapses; null: never. Meaningless for a device's own status.</param>
[GenerateSerializer, Immutable, Alias("presence.set-status-request")]
public sealed record SetStatusRequest(
    [property: Id(0)] string ConnectionId,
    [property: Id(1)] PresenceStatus Status,
    [property: Id(2)] bool ForUser,
    [property: Id(3)] DateTimeOffset? ExpiresAt)
{
    /// <summary>
    /// Rises with each request of the connection: one that comes after a later one was held on the way, and changes nothing. 0: not counted.
    /// </summary>
    [Id(4)]
    public long Number { get; init; }
}

/// <summary>The answer to <see cref="IUserPresenceGrain.SetStatusAsync"/>.</summary>
/// <param name="Refusal">
/// <see cref="Refusal.None"/>, <see cref="Refusal.RateLimited"/>, or <see cref="Refusal.UnknownConnection"/>: connect again first.
/// </param>
/// <param name="Shown">What others see now.</param>
/// <param name="DeviceStatus">What this device now says of itself: online, idle or away.</param>
/// <param name="RetryAfter">When refused for its rate: how long to wait.</param>
[GenerateSerializer, Immutable, Alias("presence.set-status-result")]
public sealed record SetStatusResult(
    [property: Id(0)] Refusal Refusal,
    [property: Id(1)] PresenceStatus Shown,
    [property: Id(2)] PresenceStatus DeviceStatus,
    [property: Id(3)] TimeSpan RetryAfter);

/// <summary>What decides over the status that a user shows to itself.</summary>
/// <param name="Source">The source of the winning claim, such as <c>manual</c>; <c>device</c> without a claim; <c>none</c> without a device.</param>
/// <param name="Status">What it shows.</param>
/// <param name="DeviceId">The device that decides, when <paramref name="Source"/> is <c>device</c>.</param>
/// <param name="ExpiresAt">When the claim lapses; null: never.</param>
/// <param name="Text">What the claim says beside its status.</param>
[GenerateSerializer, Immutable, Alias("presence.explanation")]
public sealed record Explanation(
    [property: Id(0)] string Source,
    [property: Id(1)] PresenceStatus Status,
    [property: Id(2)] string? DeviceId,
    [property: Id(3)] DateTimeOffset? ExpiresAt,
    [property: Id(20)] string? Text = null);

/// <summary>Why a call changed nothing. The numbers travel between processes: never renumber, never reuse.</summary>
public enum Refusal
{
    /// <summary>Not refused.</summary>
    None = 0,

    /// <summary>The user already has <c>MaxConnectionsPerUser</c> devices.</summary>
    TooManyConnections = 1,

    /// <summary>More than <c>MaxStatusChangesPer10s</c>.</summary>
    RateLimited = 2,

    /// <summary>The connection is not, or no longer, one of this user's.</summary>
    UnknownConnection = 3,

    /// <summary>A newer connection of the same device is there.</summary>
    Replaced = 4,

    /// <summary>No such source of claims is configured, or it is not one that servers set.</summary>
    UnknownSource = 20,

    /// <summary>The list would hold more than <c>Privacy:MaxContacts</c> or <c>Privacy:MaxBlocked</c>.</summary>
    ListTooLong = 21,
}
