using System.Text.Json;
using Presence.Grains;

namespace Presence.Gateway.Protocol;

/// <content>The fields of <c>authenticate</c>.</content>
internal partial struct Fields
{
    /// <summary>The <c>userId</c> of an <c>authenticate</c>.</summary>
    public string UserId(int maxLength)
    {
        if (!TryGet("userId"u8, out var value) || value.ValueKind != JsonValueKind.String || value.ValueEquals(""u8))
        {
            Fail(ProtocolError.UserIdRequired);
            return "";
        }

        if (!JsonText.TryReadId(value, maxLength, out var id))
        {
            Fail(IdRule("userId", maxLength));
        }

        return id;
    }

    /// <summary>The <c>token</c>.</summary>
    public string Token()
    {
        if (!TryGet("token"u8, out var value) || (value.ValueKind == JsonValueKind.String && value.ValueEquals(""u8)))
        {
            Fail(ProtocolError.TokenRequired);
            return "";
        }

        if (!JsonText.TryRead(value, out var token))
        {
            Fail(ProtocolError.TokenRefused);
        }

        return token;
    }

    /// <summary>The <c>device</c> of an <c>authenticate</c>; what is left out is made up.</summary>
    public Device Device(int maxLength)
    {
        var type = DeviceType.Web;
        if (!TryGet("device"u8, out var device))
        {
            return new(Guid.NewGuid().ToString("N"), type, null);
        }

        if (device.ValueKind != JsonValueKind.Object)
        {
            Fail(ProtocolError.Invalid("device must be an object"));
            return new("", type, null);
        }

        if (device.TryGetProperty("type"u8, out var value) && value.ValueKind != JsonValueKind.Null && !StatusNames.TryRead(value, out type))
        {
            Fail(ProtocolError.Invalid("device.type must be one of: web, mobile, desktop, server"));
        }

        return new(OfDevice(device, "id", maxLength) ?? Guid.NewGuid().ToString("N"), type, OfDevice(device, "name", maxLength));
    }

    /// <summary>A text of the device; null when it is absent.</summary>
    private string? OfDevice(JsonElement device, string name, int maxLength)
    {
        if (!device.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (JsonText.TryReadId(value, maxLength, out var id))
        {
            return id;
        }

        Fail(IdRule("device." + name, maxLength));
        return null;
    }

    /// <summary>Whether <c>features</c> asks for <paramref name="name"/>; unknown features are ignored.</summary>
    public bool Feature(ReadOnlySpan<byte> name)
    {
        if (!TryGet("features"u8, out var features))
        {
            return false;
        }

        if (features.ValueKind != JsonValueKind.Array)
        {
            Fail(ProtocolError.Invalid("features must be an array of strings"));
            return false;
        }

        foreach (var feature in features.EnumerateArray())
        {
            if (JsonText.Is(feature, name))
            {
                return true;
            }
        }

        return false;
    }
}
