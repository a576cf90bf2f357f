using Presence.Grains.Rules.Users;

namespace Presence.Grains.Rules.Rooms;

/// <summary>What is stored of a room beside its members.</summary>
/// <param name="Version">No higher one was published.</param>
/// <param name="Partitions">How many partitions of its members may be stored.</param>
[GenerateSerializer, Immutable, Alias("presence.room-head")]
internal sealed record RoomHead([property: Id(0)] long Version, [property: Id(1)] int Partitions);

/// <summary>What is stored of the members of one partition.</summary>
/// <param name="Number">Grows with every write of the room: where two partitions hold a member the higher one counts.</param>
/// <param name="Members">Those who are in the room, listed or not.</param>
[GenerateSerializer, Immutable, Alias("presence.room-partition")]
internal sealed record RoomPartition([property: Id(0)] long Number, [property: Id(1)] MemberState[] Members);

/// <summary>One user in a room.</summary>
/// <param name="UserId">The user.</param>
/// <param name="Metadata">What the member says of itself here.</param>
/// <param name="ListedAt">Since when the member is listed: an invisible one must not show that it was there before.</param>
/// <param name="View">What may be shown of the user.</param>
/// <param name="Devices">The devices that joined; never empty.</param>
[GenerateSerializer, Immutable, Alias("presence.room-member-state")]
internal sealed record MemberState(
    [property: Id(0)] string UserId,
    [property: Id(1)] string? Metadata,
    [property: Id(2)] DateTimeOffset ListedAt,
    [property: Id(3)] RoomMemberView View,
    [property: Id(4)] MemberDevice[] Devices)
{
    /// <summary>What others see; null for a member who is not listed.</summary>
    public RoomMember? Show()
    {
        var status = Array.Exists(Devices, device => device.IsListed) ? View.Consented : View.Everyone;
        return status == PresenceStatus.Offline ? null : new(UserId, status, Metadata, ListedAt);
    }

    public MemberState With(MemberDevice device)
    {
        var at = IndexOf(device.DeviceId);
        return this with { Devices = at < 0 ? [.. Devices, device] : Devices.With(at, device) };
    }

    public MemberState Without(string deviceId)
    {
        var at = IndexOf(deviceId);
        return at < 0 ? this : this with { Devices = Devices.Without(at) };
    }

    public int IndexOf(string deviceId) => Array.FindIndex(Devices, device => device.DeviceId == deviceId);
}

/// <summary>One device in a room.</summary>
/// <param name="DeviceId">The device.</param>
/// <param name="Life">The life of the gateway through which it joined.</param>
/// <param name="IsListed">The consent to be listed, given with the join.</param>
/// <param name="Sequence">The owner's count when it heard of the join: what it said before does not concern it.</param>
[GenerateSerializer, Immutable, Alias("presence.room-member-device")]
internal sealed record MemberDevice(
    [property: Id(0)] string DeviceId, [property: Id(1)] string Life, [property: Id(2)] bool IsListed, [property: Id(3)] long Sequence);

/// <summary>The settings that the rules of a room need.</summary>
internal sealed record RoomLimits(int RosterLimit, TimeSpan UpdateWindow, TimeSpan TypingExpiry)
{
    /// <summary>How many members are stored together: of the size of an ordinary message, and written within a millisecond.</summary>
    public int PartitionSize { get; init; } = 1_000;
}
