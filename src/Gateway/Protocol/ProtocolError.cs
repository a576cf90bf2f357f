using Presence.Gateway.Authentication;

namespace Presence.Gateway.Protocol;

/// <summary>What is wrong with a message, as the client is told.</summary>
/// <param name="Code">One of <see cref="ErrorCodes"/>.</param>
/// <param name="Message">For a developer's eyes; at most 200 bytes.</param>
internal sealed record ProtocolError(string Code, string Message)
{
    private const int MaxEcho = 64;
    private const int MaxEchoBytes = 160;

    public static readonly ProtocolError BadJson = new(ErrorCodes.BadJson, "Invalid JSON format");
    public static readonly ProtocolError TypeRequired = new(ErrorCodes.InvalidRequest, "Message type is required");
    public static readonly ProtocolError UserIdRequired = new(ErrorCodes.InvalidRequest, "User ID is required");
    public static readonly ProtocolError TokenRequired = new(ErrorCodes.Unauthenticated, "Authentication token is required");
    public static readonly ProtocolError NotAuthenticated = new(ErrorCodes.Unauthenticated, "Not authenticated");
    public static readonly ProtocolError AlreadyAuthenticated = new(ErrorCodes.AlreadyAuthenticated, "Already authenticated");
    public static readonly ProtocolError UserIdsNotArray = new(ErrorCodes.InvalidRequest, "userIds must be an array");

    public static readonly ProtocolError NotInRoom = new(ErrorCodes.Forbidden, "Join the room first");

    public static readonly ProtocolError TokenRefused =
        new(ErrorCodes.Unauthenticated, "Invalid authentication token") { CloseCode = CloseCodes.TokenRefused };

    public static readonly ProtocolError TooManyFailures =
        new(ErrorCodes.RateLimited, "Too many failed attempts") { RetryAfter = FailedAttempts.Window, CloseCode = CloseCodes.BudgetExceeded };

    public static readonly ProtocolError InvalidStatus =
        new(ErrorCodes.InvalidStatus, "Invalid status. Must be one of: " + StatusNames.Settable);

    public static readonly ProtocolError InvalidClaimStatus =
        new(ErrorCodes.InvalidStatus, "Invalid status. Must be one of: away, busy, dnd, invisible");

    public static readonly ProtocolError OfflineStatus =
        new(ErrorCodes.InvalidStatus, "Cannot manually set status to offline while connected");

    public static readonly ProtocolError TooManyConnections =
        new(ErrorCodes.LimitExceeded, "Too many connections of this user") { CloseCode = CloseCodes.TooManyConnections };

    public static readonly ProtocolError Unavailable =
        new(ErrorCodes.Unavailable, "Temporarily unavailable, try again") { RetryAfter = TimeSpan.FromSeconds(1) };

    public static readonly ProtocolError Draining =
        new(ErrorCodes.Unavailable, "The server is about to restart") { RetryAfter = TimeSpan.FromSeconds(1) };

    /// <summary>How long to wait before the same message may be accepted.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The close that follows; 0: the connection stays.</summary>
    public int CloseCode { get; init; }

    /// <summary>Which of the <c>userIds</c> are to blame, by their places from 0: without them the message would do. Null where that says nothing.</summary>
    public IReadOnlyList<int>? Refused { get; init; }

    /// <summary>Whether the same message may be accepted later.</summary>
    public bool IsRetryable => Code is ErrorCodes.RateLimited or ErrorCodes.Unavailable or ErrorCodes.Internal;

    public static ProtocolError Invalid(string message) => new(ErrorCodes.InvalidRequest, message);

    public static ProtocolError Limit(string name, int limit) =>
        new(ErrorCodes.LimitExceeded, $"{name} is {limit}: nothing of this message was applied");

    public static ProtocolError Forbidden() => new(ErrorCodes.Forbidden, "The token does not allow this");

    public static ProtocolError RateLimited(TimeSpan wait) => new(ErrorCodes.RateLimited, "Too many messages") { RetryAfter = wait };

    public static ProtocolError TooManyStatusChanges(TimeSpan wait) =>
        new(ErrorCodes.RateLimited, "Too many status changes") { RetryAfter = wait };

    public static ProtocolError Internal(string correlationId) => new(ErrorCodes.Internal, $"Internal error {correlationId}");

    public static ProtocolError UnknownType(string type) => new(ErrorCodes.UnknownType, "Unknown message type: " + Cut(type));

    /// <summary>What came from the client is cut before it is sent back, and never in the middle of a character.</summary>
    private static string Cut(string text)
    {
        var (length, bytes) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (length + rune.Utf16SequenceLength > MaxEcho || bytes > MaxEchoBytes)
            {
                return text[..length];
            }

            length += rune.Utf16SequenceLength;
        }

        return text;
    }
}
