namespace Presence.Gateway.Protocol;

/// <summary>Why a socket was closed. Below 4500 the client comes back, from 4500 on it stops. Every code has a row in docs/errors.md.</summary>
internal static class CloseCodes
{
    /// <summary>The person left on purpose.</summary>
    public const int Normal = 1000;

    /// <summary>A page was left, or an endpoint goes away.</summary>
    public const int GoingAway = 1001;

    /// <summary>The client broke the WebSocket protocol.</summary>
    public const int ProtocolError = 1002;

    /// <summary>A binary message without a binary subprotocol.</summary>
    public const int UnsupportedData = 1003;

    /// <summary>A text message that is not UTF-8.</summary>
    public const int InvalidPayload = 1007;

    /// <summary>A message above <c>MaxMessageBytes</c> or of more than 64 fragments.</summary>
    public const int MessageTooBig = 1009;

    /// <summary>A bug in the server.</summary>
    public const int ServerError = 1011;

    /// <summary>The server restarts: come back in the hinted window.</summary>
    public const int Restart = 1012;

    /// <summary>The server is overloaded.</summary>
    public const int Overloaded = 1013;

    /// <summary>Not authenticated within <c>AuthTimeout</c>.</summary>
    public const int AuthTimeout = 4001;

    /// <summary>Silent for <c>HeartbeatTimeout</c>, or a message not complete within <c>MessageTimeout</c>.</summary>
    public const int HeartbeatTimeout = 4008;

    /// <summary>More than <c>MaxSendQueueBytes</c>, or 10 s, of updates wait for this reader.</summary>
    public const int SlowReader = 4013;

    /// <summary>Too many messages or too many errors.</summary>
    public const int BudgetExceeded = 4029;

    /// <summary>The token expired: come back with a fresh one.</summary>
    public const int TokenExpired = 4040;

    /// <summary>The token was refused.</summary>
    public const int TokenRefused = 4501;

    /// <summary>Signed out or banned.</summary>
    public const int SignedOut = 4503;

    /// <summary>A newer connection of the same device took this one's place.</summary>
    public const int Replaced = 4509;

    /// <summary>The user already has <c>MaxConnectionsPerUser</c> connections.</summary>
    public const int TooManyConnections = 4510;
}
