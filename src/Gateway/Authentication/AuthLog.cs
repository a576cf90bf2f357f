namespace Presence.Gateway.Authentication;

/// <summary>What authentication logs: ids 2400 to 2499. Never a token, a key or a user id.</summary>
internal static partial class AuthLog
{
    [LoggerMessage(2400, LogLevel.Warning,
        "AUTHENTICATION IS OFF: Presence:Auth:Mode is Development, so any token is accepted and anybody can be anybody. "
        + "Set Presence:Auth:Mode to Jwt before others can reach this server.")]
    public static partial void AuthenticationIsOff(this ILogger logger);

    [LoggerMessage(2401, LogLevel.Warning,
        "Presence:Auth:SharedSecret is easily guessed, so anybody may make tokens. Use random text, for example from: openssl rand -base64 48.")]
    public static partial void SecretIsEasilyGuessed(this ILogger logger);

    [LoggerMessage(2410, LogLevel.Information, "A token was refused: {Reason}.")]
    public static partial void TokenRefused(this ILogger logger, TokenRefusal reason);

    [LoggerMessage(2420, LogLevel.Information, "Read {Count} keys for {Algorithm} from {Source}.")]
    public static partial void KeysRead(this ILogger logger, int count, string algorithm, string source);

    [LoggerMessage(2421, LogLevel.Error, "No key for {Algorithm} in {Source}: every token is refused.")]
    public static partial void NoKey(this ILogger logger, string algorithm, string source);

    [LoggerMessage(2422, LogLevel.Error, "The keys in {Source} could not be read ({Reason}); the keys known before stay in use: {Count}.")]
    public static partial void KeysUnreadable(this ILogger logger, string source, string reason, int count);
}
