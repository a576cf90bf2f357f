using System.Text;
using System.Text.Json;
using Presence.Grains;

namespace Presence.Gateway.Protocol;

/// <content>Whom users show themselves to.</content>
internal partial struct Fields
{
    /// <summary>The fields of <c>set_privacy</c>: what is left out stays.</summary>
    public PrivacyChange Privacy() => new(Audience("showOnlineStatus"), Audience("showLastSeen"), Audience("showActivity"));

    private Audience? Audience(string name)
    {
        if (!root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (AudienceNames.TryRead(value, out var audience))
        {
            return audience;
        }

        Fail(ProtocolError.Invalid($"{name} must be one of: everyone, contacts, nobody"));
        return null;
    }
}

/// <summary>How audiences are called on the wire.</summary>
internal static class AudienceNames
{
    public static ReadOnlySpan<byte> Name(Audience audience) => audience switch
    {
        Audience.Everyone => "everyone"u8,
        Audience.Contacts => "contacts"u8,
        _ => "nobody"u8,
    };

    public static string Text(Audience audience) => Encoding.ASCII.GetString(Name(audience));

    public static bool TryRead(JsonElement value, out Audience audience)
    {
        audience = JsonText.Is(value, "everyone"u8) ? Audience.Everyone
            : JsonText.Is(value, "contacts"u8) ? Audience.Contacts
            : Audience.Nobody;
        return audience != Audience.Nobody || JsonText.Is(value, "nobody"u8);
    }
}
