namespace Presence.Grains;

/// <summary>What a user or a device shows. The numbers are stored and travel between processes: never renumber, never reuse.</summary>
public enum PresenceStatus
{
    /// <summary>No device is connected, or the user chose not to be seen.</summary>
    Offline = 0,

    /// <summary>At least one device is in use.</summary>
    Online = 1,

    /// <summary>Connected, but nobody has touched the device for a while.</summary>
    Idle = 2,

    /// <summary>Connected, but not there.</summary>
    Away = 3,

    /// <summary>Chosen: there, but occupied.</summary>
    Busy = 4,

    /// <summary>Chosen: do not disturb.</summary>
    Dnd = 5,

    /// <summary>Chosen: looks offline to everybody else. Only the user's own view ever holds it.</summary>
    Invisible = 6,
}

/// <summary>What kind of client a device is.</summary>
public enum DeviceType
{
    /// <summary>A browser tab.</summary>
    Web = 0,

    /// <summary>An app on a phone or tablet.</summary>
    Mobile = 1,

    /// <summary>An app on a computer.</summary>
    Desktop = 2,

    /// <summary>A program that speaks for the user.</summary>
    Server = 3,
}

/// <summary>One running client of a user.</summary>
/// <param name="Id">1 to 128 characters; names a tab or an app, not a machine.</param>
/// <param name="Type">What kind of client it is.</param>
/// <param name="Name">What the user calls it; at most 128 characters.</param>
[GenerateSerializer, Immutable, Alias("presence.device")]
public sealed record Device([property: Id(0)] string Id, [property: Id(1)] DeviceType Type, [property: Id(2)] string? Name);

/// <summary>What others see of a user: those who may see everything, unless it is the view of a class.</summary>
/// <param name="UserId">Whose presence it is.</param>
/// <param name="Status">Never <see cref="PresenceStatus.Invisible"/>.</param>
/// <param name="LastSeen">When the user was last known present, rounded down to <c>LastSeenStep</c>; null if never.</param>
/// <param name="Version">
/// Counts the changes that others can see; it never falls, also over crashes. 0 for a user nobody ever saw. Below 2^53.
/// </param>
/// <param name="Said">What the user says of itself; null when that is nothing, and while others see the user offline.</param>
/// <param name="Policy">Counts the changes of whom the user shows itself to: with a new one every class of viewer must be asked anew.</param>
/// <param name="Shown">Whether every viewer may see this.</param>
[GenerateSerializer, Immutable, Alias("presence.user-presence")]
public sealed record UserPresence(
    [property: Id(0)] string UserId,
    [property: Id(1)] PresenceStatus Status,
    [property: Id(2)] DateTimeOffset? LastSeen,
    [property: Id(3)] long Version,
    [property: Id(10)] Said? Said = null,
    [property: Id(11)] int Policy = 0,
    [property: Id(12)] Shown Shown = Shown.ToAll)
{
    /// <summary>What is seen of a user who never existed, and of one who is hidden from the viewer.</summary>
    public static UserPresence Nobody(string userId) => new(userId, PresenceStatus.Offline, null, 0);
}

/// <summary>What the user's own connections see.</summary>
/// <param name="UserId">Whose presence it is.</param>
/// <param name="Status">What the user shows, <see cref="PresenceStatus.Invisible"/> included.</param>
/// <param name="LastSeen">When the user was last known present, not rounded.</param>
/// <param name="Version">
/// Counts what the user's own connections can see, so it may grow when <see cref="UserPresence.Version"/> does not: others
/// could otherwise count the devices of somebody who is invisible.
/// </param>
/// <param name="ConnectedAt">When the longest connected device came; null without a device.</param>
/// <param name="Devices">Every device, the longest connected first.</param>
/// <param name="Said">What the user says of itself; null when that is nothing.</param>
[GenerateSerializer, Immutable, Alias("presence.own-presence")]
public sealed record OwnPresence(
    [property: Id(0)] string UserId,
    [property: Id(1)] PresenceStatus Status,
    [property: Id(2)] DateTimeOffset? LastSeen,
    [property: Id(3)] long Version,
    [property: Id(4)] DateTimeOffset? ConnectedAt,
    [property: Id(5)] DevicePresence[] Devices,
    [property: Id(10)] Said? Said = null);

/// <summary>One device, as its owner sees it.</summary>
/// <param name="Device">The device.</param>
/// <param name="Status">Its own last report: online, idle or away.</param>
/// <param name="ConnectedAt">Since when it has been connected; a return within the grace period does not change it.</param>
[GenerateSerializer, Immutable, Alias("presence.device-presence")]
public sealed record DevicePresence(
    [property: Id(0)] Device Device,
    [property: Id(1)] PresenceStatus Status,
    [property: Id(2)] DateTimeOffset ConnectedAt);
