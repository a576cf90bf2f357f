using System.Text;
using System.Text.Json;

namespace Presence.Gateway.Protocol;

/// <content>The fields of messages about rooms and the lobby.</content>
internal partial struct Fields
{
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
    /// <param name="maxBytes">Of it as JSON.</param>
    /// <param name="isRequired">Whether it must be said; null is said too.</param>
    public string? Metadata(int maxBytes, bool isRequired) =>
        Object("metadata", isRequired && !(root.TryGetProperty("metadata"u8, out var said) && said.ValueKind == JsonValueKind.Null), maxBytes);

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
