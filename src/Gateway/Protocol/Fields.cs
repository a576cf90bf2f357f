using System.Globalization;
using System.Text.Json;
using Presence.Grains;

namespace Presence.Gateway.Protocol;

/// <summary>Reads the fields of one message; keeps the first thing that is wrong, so that a handler asks once.</summary>
internal partial struct Fields(JsonElement root)
{
    /// <summary>The first rule that a field broke; null while all is well.</summary>
    public ProtocolError? Error { get; private set; }

    /// <summary>A field that is there and not null.</summary>
    public readonly bool TryGet(ReadOnlySpan<byte> name, out JsonElement value) =>
        root.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>The ids of <c>userIds</c>, each once, in the order asked.</summary>
    public List<string> UserIds(int maxIds, int maxLength)
    {
        if (!root.TryGetProperty("userIds"u8, out var array) || array.ValueKind != JsonValueKind.Array)
        {
            Fail(ProtocolError.UserIdsNotArray);
            return [];
        }

        var length = array.GetArrayLength();
        if (length > maxIds)
        {
            Fail(ProtocolError.Limit("MaxIdsPerMessage", maxIds));
            return [];
        }

        var ids = new List<string>(length);
        List<int> refused = [];
        var place = 0;
        foreach (var item in array.EnumerateArray())
        {
            if (JsonText.TryReadId(item, maxLength, out var id))
            {
                ids.Add(id);
            }
            else
            {
                refused.Add(place);
            }

            place++;
        }

        if (refused.Count > 0)
        {
            Fail(IdRule("userIds", maxLength) with { Refused = refused });
            return [];
        }

        return ids;
    }

    /// <summary>The <c>status</c> of a <c>set_status</c>.</summary>
    public PresenceStatus Status()
    {
        if (!root.TryGetProperty("status"u8, out var value) || !StatusNames.TryRead(value, out PresenceStatus status))
        {
            Fail(ProtocolError.InvalidStatus);
            return default;
        }

        if (status == PresenceStatus.Offline)
        {
            Fail(ProtocolError.OfflineStatus);
        }

        return status;
    }

    /// <summary>The <c>scope</c>: whether an away is for the user and not for this device only.</summary>
    public bool IsForUser(PresenceStatus status)
    {
        if (!TryGet("scope"u8, out var value))
        {
            return false;
        }

        var isUser = JsonText.Is(value, "user"u8);
        if (!isUser && !JsonText.Is(value, "device"u8))
        {
            Fail(ProtocolError.Invalid("scope must be one of: device, user"));
        }
        else if (isUser && status == PresenceStatus.Idle)
        {
            Fail(ProtocolError.Invalid("scope must be device for idle"));
        }

        // Busy, dnd and invisible are the user's, and online is both, whatever the scope.
        return isUser && status == PresenceStatus.Away;
    }

    /// <summary>A true or false; false when it is absent.</summary>
    public bool Flag(string name)
    {
        if (!root.TryGetProperty(name, out var value) || value.ValueKind is JsonValueKind.Null or JsonValueKind.False)
        {
            return false;
        }

        if (value.ValueKind != JsonValueKind.True)
        {
            Fail(ProtocolError.Invalid($"{name} must be true or false"));
        }

        return true;
    }

    /// <summary>The <c>expiresAt</c>: an ISO 8601 time with its offset, in the future.</summary>
    public DateTimeOffset? ExpiresAt(DateTimeOffset now)
    {
        if (!TryGet("expiresAt"u8, out var value))
        {
            return null;
        }

        if (JsonText.TryRead(value, out var text) && IsoTime.TryRead(text, out var time) && time > now)
        {
            return time;
        }

        Fail(ProtocolError.Invalid("expiresAt must be an ISO 8601 time in the future"));
        return null;
    }

    /// <summary>The versions of <c>known</c>; null when it is absent.</summary>
    public Dictionary<string, long>? Known(int maxIds)
    {
        if (!TryGet("known"u8, out var known))
        {
            return null;
        }

        var versions = new Dictionary<string, long>(StringComparer.Ordinal);
        if (known.ValueKind != JsonValueKind.Object)
        {
            Fail(ProtocolError.Invalid("known must be an object of userId: version"));
            return null;
        }

        foreach (var property in known.EnumerateObject())
        {
            if (versions.Count == maxIds)
            {
                Fail(ProtocolError.Limit("MaxIdsPerMessage", maxIds));
                return null;
            }

            if (property.Value.ValueKind != JsonValueKind.Number || !property.Value.TryGetInt64(out var version) || version < 0)
            {
                Fail(ProtocolError.Invalid("known must hold whole numbers of at least 0"));
                return null;
            }

            versions[property.Name] = version;
        }

        return versions;
    }

    public void Fail(ProtocolError error) => Error ??= error;

    public static ProtocolError IdRule(string name, int maxLength) => ProtocolError.Invalid(
        string.Create(CultureInfo.InvariantCulture, $"{name} must hold 1 to {maxLength} characters, no control characters, not only white space"));
}
