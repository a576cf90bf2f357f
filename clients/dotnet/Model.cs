using System.Text.Json;
using System.Text.Json.Serialization;

namespace Presence.Client;

/// <summary>What a user or a device shows.</summary>
[JsonConverter(typeof(LowerCaseConverter<PresenceStatus>))]
public enum PresenceStatus
{
    /// <summary>No device is connected, or the user is not to be seen.</summary>
    Offline,

    /// <summary>At least one device is in use.</summary>
    Online,

    /// <summary>Connected, but nobody has touched the device for a while.</summary>
    Idle,

    /// <summary>Connected, but not there.</summary>
    Away,

    /// <summary>Chosen: there, but occupied.</summary>
    Busy,

    /// <summary>Chosen: do not disturb.</summary>
    Dnd,

    /// <summary>Chosen: looks offline to everybody else. Only ever in one's own presence.</summary>
    Invisible,
}

/// <summary>What kind of client a device is.</summary>
[JsonConverter(typeof(LowerCaseConverter<DeviceType>))]
public enum DeviceType
{
    /// <summary>A browser tab.</summary>
    Web,

    /// <summary>An app on a phone or tablet.</summary>
    Mobile,

    /// <summary>An app on a computer.</summary>
    Desktop,

    /// <summary>A program that speaks for the user.</summary>
    Server,
}

/// <summary>Who may see something of a user.</summary>
[JsonConverter(typeof(LowerCaseConverter<Audience>))]
public enum Audience
{
    /// <summary>Every signed-in user.</summary>
    Everyone,

    /// <summary>The user's contacts.</summary>
    Contacts,

    /// <summary>No other user.</summary>
    Nobody,
}

/// <summary>What is known of a user.</summary>
public sealed record UserPresence
{
    /// <summary>Whose presence it is.</summary>
    public required string UserId { get; init; }

    /// <summary>What the user shows.</summary>
    public PresenceStatus Status { get; init; }

    /// <summary>When the user was last known present; null for somebody never seen or hidden.</summary>
    public DateTimeOffset? LastSeen { get; init; }

    /// <summary>Grows with every visible change; 0 for somebody unknown or hidden.</summary>
    public long Version { get; init; }

    /// <summary>What the user wrote beside the status.</summary>
    public CustomStatus? CustomStatus { get; init; }

    /// <summary>What the user is doing, as the application named it.</summary>
    public JsonElement? Activity { get; init; }

    /// <summary>What the application keeps with the user.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>Only in one's own: every device.</summary>
    public IReadOnlyList<DevicePresence>? Devices { get; init; }

    /// <summary>Nobody looks at the moment, for lack of a connection or on the server's side: this was true when it was last seen.</summary>
    [JsonIgnore]
    public bool IsStale { get; init; }
}

/// <summary>A text beside the status.</summary>
/// <param name="Text">At most 140 characters.</param>
/// <param name="Emoji">One emoji.</param>
/// <param name="ExpiresAt">When it goes away by itself.</param>
public sealed record CustomStatus(string Text, string? Emoji, DateTimeOffset? ExpiresAt);

/// <summary>One of one's own devices.</summary>
/// <param name="Id">Names a tab or an app, not a machine.</param>
/// <param name="Type">What kind of client it is.</param>
/// <param name="Name">What the user calls it.</param>
/// <param name="Status">Its own last report: online, idle or away.</param>
/// <param name="ConnectedAt">Since when it has been connected.</param>
public sealed record DevicePresence(string Id, DeviceType Type, string? Name, PresenceStatus Status, DateTimeOffset ConnectedAt);

/// <summary>Somebody in a room.</summary>
/// <param name="UserId">Who it is.</param>
/// <param name="Status">What the member shows.</param>
/// <param name="Metadata">What the member says of itself here.</param>
/// <param name="JoinedAt">Since when.</param>
public sealed record RoomMember(string UserId, PresenceStatus Status, JsonElement? Metadata, DateTimeOffset JoinedAt);

/// <summary>Who may see what of oneself.</summary>
/// <param name="ShowOnlineStatus">The status.</param>
/// <param name="ShowLastSeen">When one was last seen.</param>
/// <param name="ShowActivity">What one is doing.</param>
public sealed record PrivacySettings(Audience ShowOnlineStatus, Audience ShowLastSeen, Audience ShowActivity);

/// <summary>Names on the wire are those of the enum in lower case.</summary>
internal sealed class LowerCaseConverter<T>() : JsonStringEnumConverter<T>(LowerCase.Policy, allowIntegerValues: false)
    where T : struct, Enum;

internal sealed class LowerCase : JsonNamingPolicy
{
    public static readonly LowerCase Policy = new();

#pragma warning disable CA1308 // The wire is in lower case.
    public override string ConvertName(string name) => name.ToLowerInvariant();
#pragma warning restore CA1308
}
