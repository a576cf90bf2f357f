using Presence.Grains;

namespace Presence.Gateway.Protocol;

/// <content>What servers claim of a user's status.</content>
internal partial struct Fields
{
    /// <summary>The <c>status</c> of a claim.</summary>
    public PresenceStatus ClaimStatus()
    {
        if (root.TryGetProperty("status"u8, out var value) && StatusNames.TryRead(value, out PresenceStatus status)
            && status is PresenceStatus.Away or PresenceStatus.Busy or PresenceStatus.Dnd or PresenceStatus.Invisible)
        {
            return status;
        }

        Fail(ProtocolError.InvalidClaimStatus);
        return default;
    }

    /// <summary>The <c>text</c> of a claim; null when it is absent.</summary>
    public string? ClaimText()
    {
        if (!TryGet("text"u8, out var value))
        {
            return null;
        }

        if (JsonText.TryRead(value, out var text) && text.Length <= PresenceClaim.MaxTextLength)
        {
            return text;
        }

        Fail(ProtocolError.Invalid($"text must be a string of at most {PresenceClaim.MaxTextLength} characters"));
        return null;
    }
}
