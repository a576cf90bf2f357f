namespace Presence.Gateway.Protocol;

/// <summary>The <c>code</c> of an <c>error</c> message. Every code has a row in docs/errors.md.</summary>
internal static class ErrorCodes
{
    /// <summary>Not a JSON object, a key twice, or nested too deep.</summary>
    public const string BadJson = "bad_json";

    /// <summary>A field is missing or out of its rule.</summary>
    public const string InvalidRequest = "invalid_request";

    /// <summary>No such message.</summary>
    public const string UnknownType = "unknown_type";

    /// <summary>Not authenticated, or the token was refused.</summary>
    public const string Unauthenticated = "unauthenticated";

    /// <summary>A second <c>authenticate</c>.</summary>
    public const string AlreadyAuthenticated = "already_authenticated";

    /// <summary>A status that cannot be set.</summary>
    public const string InvalidStatus = "invalid_status";

    /// <summary>Too many ids, subscriptions or connections.</summary>
    public const string LimitExceeded = "limit_exceeded";

    /// <summary>Too many messages or status changes; carries <c>retryAfter</c>.</summary>
    public const string RateLimited = "rate_limited";

    /// <summary>The token does not allow it.</summary>
    public const string Forbidden = "forbidden";

    /// <summary>The cluster cannot answer in time; carries <c>retryAfter</c>.</summary>
    public const string Unavailable = "unavailable";

    /// <summary>A bug in the server; the message holds an id that the log holds too.</summary>
    public const string Internal = "internal";
}
