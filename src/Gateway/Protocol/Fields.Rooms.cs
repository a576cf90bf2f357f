using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Presence.Gateway.Protocol;

/// <content>The fields of messages about rooms and the lobby.</content>
internal partial struct Fields
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The <c>roomId</c>.</summary>
    public string RoomId(int maxLength)
    {
        if (!root.TryGetProperty("roomId"u8, out var value) || !JsonText.TryReadId(value, maxLength, out var id))
        {
            Fail(IdRule("roomId", maxLength));
            return "";
        }

        return id;
    }

    /// <summary>The <c>metadata</c> as compact JSON; null for none.</summary>
    public string? Metadata(int maxBytes, bool isRequired)
    {
        Object("metadata");
        if (isRequired && !root.TryGetProperty("metadata"u8, out _))
        {
            Fail(ProtocolError.Invalid("metadata must be an object"));
        }

        if (!TryGet("metadata"u8, out var value) || value.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        using var json = new MemoryStream();
        try
        {
            using var writer = new Utf8JsonWriter(json, Compact);
            value.WriteTo(writer);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            Fail(ProtocolError.Invalid("metadata must hold valid text only"));
            return null;
        }

        if (json.Length > maxBytes)
        {
            Fail(ProtocolError.Limit("MaxMetadataBytes", maxBytes));
            return null;
        }

        return Encoding.UTF8.GetString(json.GetBuffer().AsSpan(0, (int)json.Length));
    }

    /// <summary>The <c>mode</c>: one of two words, the first of them when it is absent.</summary>
    /// <returns>Whether it is the second.</returns>
    public bool Mode(string usual, string other)
    {
        if (!TryGet("mode"u8, out var value) || JsonText.Is(value, Encoding.ASCII.GetBytes(usual)))
        {
            return false;
        }

        if (!JsonText.Is(value, Encoding.ASCII.GetBytes(other)))
        {
            Fail(ProtocolError.Invalid($"mode must be one of: {usual}, {other}"));
        }

        return true;
    }
}
