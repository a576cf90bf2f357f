using Orleans.Concurrency;

namespace Presence.Grains;

/// <summary>One room: who is in it, in one roster and one version for everybody.</summary>
/// <remarks>
/// <para>Key: the room id, 1 to 128 characters, any literal text. A room exists while somebody is in it or attached to it.</para>
/// <para>
/// No call waits for another grain, and none for the storage: the members are written behind, at most once a second. A room whose silo
/// is lost starts from what was written, and its gateways attach again, each with its own members.
/// </para>
/// <para>Any call may throw <see cref="TimeoutException"/>: it may or may not have taken effect, and is safe to repeat.</para>
/// </remarks>
[Alias("presence.room")]
public interface IRoomGrain : IGrainWithStringKey
{
    /// <summary>Registers the sink and returns the room in one turn, so that no <see cref="RoomChanged"/> falls between.</summary>
    /// <param name="sink">A life of a gateway. Kept in memory only.</param>
    [Alias("Attach")]
    ValueTask<RoomSnapshot> AttachAsync(string sink);

    /// <summary>The sink wants to hear no more. Its users stay members.</summary>
    [Alias("Detach")]
    ValueTask DetachAsync(string sink);

    /// <summary>A device joins, in the name of its user. Joining again is seen by nobody unless it changes the metadata.</summary>
    /// <param name="join">Who joins.</param>
    /// <param name="sink">Attached as by <see cref="AttachAsync"/> when it is not yet.</param>
    [Alias("Join")]
    ValueTask<RoomReceipt> JoinAsync(RoomJoin join, string sink);

    /// <summary>The device leaves; the user does with its last one. One that is not there changes nothing.</summary>
    [Alias("Leave")]
    ValueTask LeaveAsync(string userId, string deviceId);

    /// <summary>Devices join and leave in this order, as by <see cref="JoinAsync"/> and <see cref="LeaveAsync"/>: one turn for all of them.</summary>
    /// <param name="moves">At most 4 MB in all.</param>
    [Alias("Move")]
    ValueTask<RoomReceipt> MoveAsync(RoomMove[] moves);

    /// <summary>Sets what the member says of itself in this room.</summary>
    /// <param name="userId">The member.</param>
    /// <param name="metadata">A JSON object; null: nothing.</param>
    /// <returns>False when the user is no member.</returns>
    [Alias("UpdateMember")]
    ValueTask<bool> UpdateMemberAsync(string userId, string? metadata);

    /// <summary>The room as it was last published.</summary>
    [ReadOnly, AlwaysInterleave, Alias("Get")]
    ValueTask<RoomSnapshot> GetAsync();

    /// <summary>The member types, or has stopped. Said again it lasts <c>TypingExpiry</c> longer, and nobody hears of it.</summary>
    [OneWay, Alias("Typing")]
    ValueTask TypingAsync(string userId, string deviceId, bool isTyping);

    /// <summary>What the owner of a member tells the rooms that its user is in.</summary>
    [OneWay, Alias("MemberChanged")]
    ValueTask MemberChangedAsync(RoomMemberChange change);

    /// <summary>
    /// A gateway that lost the room, or begins a new life, says all it knows. Members of this sink that a restored room still lists and
    /// that are not among these are gone.
    /// </summary>
    /// <param name="sink">The life of the gateway.</param>
    /// <param name="version">The latest version it has seen: the room goes on above it.</param>
    /// <param name="members">Everybody who joined through this gateway.</param>
    [Alias("Reattach")]
    ValueTask<RoomSnapshot> ReattachAsync(string sink, long version, RoomJoin[] members);
}

/// <summary>A device that joins a room.</summary>
/// <param name="UserId">The member.</param>
/// <param name="DeviceId">The device: several of one user are one member.</param>
/// <param name="Life">The life of the gateway that holds its connection.</param>
/// <param name="Metadata">A JSON object; null: as it was.</param>
/// <param name="IsListed">The user's consent to be listed here, with status, whatever others may see elsewhere.</param>
/// <param name="View">What the owner said when it was told of this join.</param>
[GenerateSerializer, Immutable, Alias("presence.room-join")]
public sealed record RoomJoin(
    [property: Id(0)] string UserId,
    [property: Id(1)] string DeviceId,
    [property: Id(2)] string Life,
    [property: Id(3)] string? Metadata,
    [property: Id(4)] bool IsListed,
    [property: Id(5)] RoomMemberView View);

/// <summary>A device that joins a room, or leaves it.</summary>
/// <param name="UserId">The member.</param>
/// <param name="DeviceId">The device.</param>
/// <param name="Join">How it joins; null: it leaves.</param>
[GenerateSerializer, Immutable, Alias("presence.room-move")]
public sealed record RoomMove(
    [property: Id(0)] string UserId, [property: Id(1)] string DeviceId, [property: Id(2)] RoomJoin? Join)
{
    internal static RoomMove Of(RoomJoin join) => new(join.UserId, join.DeviceId, join);
}

/// <summary>What a room may show of a user.</summary>
/// <param name="Everyone">What everybody may see; offline when the user is not to be seen.</param>
/// <param name="Consented">What a user shows who consents to be listed.</param>
/// <param name="Sequence">Grows with everything the owner says to rooms: of two views the higher one counts.</param>
[GenerateSerializer, Immutable, Alias("presence.room-member-view")]
public sealed record RoomMemberView(
    [property: Id(0)] PresenceStatus Everyone, [property: Id(1)] PresenceStatus Consented, [property: Id(2)] long Sequence);

/// <summary>A change of a user who is in rooms.</summary>
/// <param name="UserId">The user.</param>
/// <param name="View">What may be shown now.</param>
/// <param name="Gone">Devices whose grace is over.</param>
[GenerateSerializer, Immutable, Alias("presence.room-member-change")]
public sealed record RoomMemberChange(
    [property: Id(0)] string UserId, [property: Id(1)] RoomMemberView View, [property: Id(2)] string[] Gone);

/// <summary>The answer to those who join and leave: no roster, since the gateway has one.</summary>
/// <param name="Version">The version that shows what was done; it may still be to come.</param>
/// <param name="Snapshot">The room, when a sink that was not attached before is now.</param>
[GenerateSerializer, Immutable, Alias("presence.room-receipt")]
public sealed record RoomReceipt([property: Id(0)] long Version, [property: Id(1)] RoomSnapshot? Snapshot)
{
    /// <summary>How many members are listed now.</summary>
    [Id(2)]
    public int Count { get; init; }
}
