using Microsoft.Extensions.Logging;

namespace Presence.Grains;

internal sealed partial class UserPresenceGrain
{
    /// <summary>Event ids 1000 to 1099 belong to this class.</summary>
    private static partial class Log
    {
        [LoggerMessage(1000, LogLevel.Error, "The state of user {UserId} could not be stored; the grain starts anew from what is stored.")]
        public static partial void WriteFailed(ILogger logger, Exception exception, string userId);

        [LoggerMessage(1002, LogLevel.Warning, "User {UserId} could not be put on the list of those online.")]
        public static partial void NotListed(ILogger logger, Exception exception, string userId);

        [LoggerMessage(1001, LogLevel.Warning, "User {UserId} could not be taken off the sessions of gateway life {Life}.")]
        public static partial void DelistFailed(ILogger logger, Exception exception, string userId, string life);
    }
}
