using System.Text.Json;

namespace Presence.Client.Wire;

/// <summary>One message to the server. What is null is left out.</summary>
internal sealed record ClientMessage(string Type)
{
    public long? Id { get; init; }

    public string? UserId { get; init; }

    public string? Token { get; init; }

    public DeviceInfo? Device { get; init; }

    public string[]? Features { get; init; }

    public bool? Active { get; init; }

    public PresenceStatus? Status { get; init; }

    public string? Scope { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public IReadOnlyList<string>? UserIds { get; init; }

    public IReadOnlyDictionary<string, long>? Known { get; init; }

    public string? RoomId { get; init; }

    public string? Mode { get; init; }

    public bool? Listed { get; init; }

    public JsonElement? Metadata { get; init; }

    public string? Text { get; init; }

    public string? Emoji { get; init; }

    public JsonElement? Activity { get; init; }

    /// <summary>Milliseconds.</summary>
    public long? ExpiresIn { get; init; }

    public Audience? ShowOnlineStatus { get; init; }

    public Audience? ShowLastSeen { get; init; }

    public Audience? ShowActivity { get; init; }
}

/// <summary>The <c>device</c> of an <c>authenticate</c>.</summary>
internal sealed record DeviceInfo(string Id, DeviceType Type, string? Name);
