namespace Presence.Client;

/// <summary>The server refused something, or the connection ended.</summary>
public sealed class PresenceException : Exception
{
    internal PresenceException(string code, string message, bool isRetryable, TimeSpan? retryAfter = null, int? closeCode = null)
        : base(message) => (Code, IsRetryable, RetryAfter, CloseCode) = (code, isRetryable, retryAfter, closeCode);

    /// <summary>
    /// The server's error code; or <c>closed</c>: the connection ended first, and whether the call took effect is unknown; or
    /// <c>timeout</c>: no answer in time, which is as unknown.
    /// </summary>
    public string Code { get; }

    /// <summary>Whether the same call may work later.</summary>
    public bool IsRetryable { get; }

    /// <summary>How long to wait before that, when the server said so.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>The code of the close, when one followed. From 4500 on the server wants nobody back.</summary>
    public int? CloseCode { get; }

    /// <summary>Whom the refusal is about, where it is about some of those who were asked for: the others are not to blame.</summary>
    public IReadOnlyList<string> UserIds { get; internal init; } = [];

    internal static PresenceException Closed(int code, string? reason) =>
        new("closed", $"The connection ended with {code} {reason}".TrimEnd(), code < CloseCodes.Final, closeCode: code);
}

internal static class CloseCodes
{
    public const int Abnormal = 1006;
    public const int TokenExpired = 4040;

    /// <summary>From here on the client stops.</summary>
    public const int Final = 4500;
}
