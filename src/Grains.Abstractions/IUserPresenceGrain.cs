using Orleans.Concurrency;

namespace Presence.Grains;

/// <summary>The presence of one user: devices, chosen status, what others see, and which sinks are told.</summary>
/// <remarks>
/// <para>Key: the user id, 1 to 128 characters, any literal text.</para>
/// <para>
/// Being online is stored state plus a living gateway, not an activation: the grain may leave memory at any time. State is written
/// before it is published or acknowledged. A storage failure is thrown to the caller and the grain starts anew from the stored state.
/// </para>
/// <para>Any call may throw <see cref="TimeoutException"/>: it may or may not have taken effect, and is safe to repeat.</para>
/// </remarks>
[Alias("presence.user")]
public interface IUserPresenceGrain : IGrainWithStringKey
{
    /// <summary>
    /// A device is connected. The same device id takes the place of its earlier connection: others see nothing, and the earlier
    /// connection's gateway is told by <see cref="ConnectionReplaced"/>. Repeating a connection id changes nothing but its gateway's life.
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

    /// <summary>Registers the sink's interest and returns the snapshot in one turn, so that no change falls between.</summary>
    /// <param name="sink">The sink that wants to hear of changes, a life of a gateway. Kept in memory only.</param>
    [Alias("Watch")]
    ValueTask<UserPresence> WatchAsync(string sink);

    /// <summary>Ends the sink's interest. The sink still hears of changes while it holds connections of this user.</summary>
    [Alias("Unwatch")]
    ValueTask UnwatchAsync(string sink);

    /// <summary>What others see now.</summary>
    [ReadOnly, AlwaysInterleave, Alias("Get")]
    ValueTask<UserPresence> GetAsync();

    /// <summary>Why the user shows what it shows. For the user itself and trusted servers only.</summary>
    [ReadOnly, AlwaysInterleave, Alias("Explain")]
    ValueTask<Explanation> ExplainAsync();

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
[GenerateSerializer, Immutable, Alias("presence.connect-request")]
public sealed record ConnectRequest(
    [property: Id(0)] string ConnectionId, [property: Id(1)] string Life, [property: Id(2)] Device Device);

/// <summary>The answer to <see cref="IUserPresenceGrain.ConnectAsync"/>.</summary>
/// <param name="Refusal"><see cref="Refusal.None"/> or <see cref="Refusal.TooManyConnections"/>.</param>
/// <param name="Presence">The user's own view.</param>
/// <param name="DeviceStatus">What this device last said of itself: online, idle or away.</param>
/// <param name="Public">What others see: the gateway's first snapshot of this user.</param>
[GenerateSerializer, Immutable, Alias("presence.connect-result")]
public sealed record ConnectResult(
    [property: Id(0)] Refusal Refusal,
    [property: Id(1)] OwnPresence Presence,
    [property: Id(2)] PresenceStatus DeviceStatus,
    [property: Id(3)] UserPresence Public);

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
    [property: Id(3)] DateTimeOffset? ExpiresAt);

/// <summary>The answer to <see cref="IUserPresenceGrain.SetStatusAsync"/>.</summary>
/// <param name="Refusal">
/// <see cref="Refusal.None"/>, <see cref="Refusal.RateLimited"/>, or <see cref="Refusal.UnknownConnection"/>: connect again first.
/// </param>
/// <param name="Shown">What the user now shows to itself.</param>
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
[GenerateSerializer, Immutable, Alias("presence.explanation")]
public sealed record Explanation(
    [property: Id(0)] string Source,
    [property: Id(1)] PresenceStatus Status,
    [property: Id(2)] string? DeviceId,
    [property: Id(3)] DateTimeOffset? ExpiresAt);

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
}
