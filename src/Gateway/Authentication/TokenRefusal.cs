namespace Presence.Gateway.Authentication;

/// <summary>Why a token was refused. For the log only: a client hears the same whatever the reason.</summary>
internal enum TokenRefusal
{
    None,
    Empty,
    TooLong,
    Malformed,
    Type,
    Algorithm,
    ForbiddenHeader,
    Key,
    Signature,
    Issuer,
    Audience,
    Expiry,
    NotYetValid,
    Subject,
    OtherUser,
    Rights,
}
