using System.Text;
using System.Text.Json;
using Presence.Grains;

namespace Presence.Gateway.Protocol;

/// <summary>How statuses and kinds of devices are called on the wire.</summary>
internal static class StatusNames
{
    /// <summary>The statuses that a client may set, in the order of the error message.</summary>
    public const string Settable = "online, idle, away, busy, dnd, invisible";

    private static readonly (PresenceStatus Status, byte[] Name)[] All =
    [
        (PresenceStatus.Online, [.. "online"u8]), (PresenceStatus.Idle, [.. "idle"u8]), (PresenceStatus.Away, [.. "away"u8]),
        (PresenceStatus.Busy, [.. "busy"u8]), (PresenceStatus.Dnd, [.. "dnd"u8]), (PresenceStatus.Invisible, [.. "invisible"u8]),
        (PresenceStatus.Offline, [.. "offline"u8]),
    ];

    private static readonly (DeviceType Type, byte[] Name)[] Types =
    [
        (DeviceType.Web, [.. "web"u8]), (DeviceType.Mobile, [.. "mobile"u8]),
        (DeviceType.Desktop, [.. "desktop"u8]), (DeviceType.Server, [.. "server"u8]),
    ];

    public static ReadOnlySpan<byte> Name(PresenceStatus status) => status switch
    {
        PresenceStatus.Online => "online"u8,
        PresenceStatus.Idle => "idle"u8,
        PresenceStatus.Away => "away"u8,
        PresenceStatus.Busy => "busy"u8,
        PresenceStatus.Dnd => "dnd"u8,
        PresenceStatus.Invisible => "invisible"u8,
        _ => "offline"u8,
    };

    public static string Text(PresenceStatus status) => Encoding.ASCII.GetString(Name(status));

    public static ReadOnlySpan<byte> Name(DeviceType type) => Types[(int)type].Name;

    public static string Text(DeviceType type) => Encoding.ASCII.GetString(Name(type));

    public static bool TryRead(JsonElement value, out PresenceStatus status)
    {
        status = default;
        foreach (var (candidate, name) in All)
        {
            if (JsonText.Is(value, name))
            {
                status = candidate;
                return true;
            }
        }

        return false;
    }

    public static bool TryRead(JsonElement value, out DeviceType type)
    {
        type = default;
        foreach (var (candidate, name) in Types)
        {
            if (JsonText.Is(value, name))
            {
                type = candidate;
                return true;
            }
        }

        return false;
    }
}
