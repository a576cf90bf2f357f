using Microsoft.Extensions.Logging;

namespace Presence.Grains;

internal sealed partial class UserPresenceGrain
{
    /// <summary>Event ids 1000 to 1099 belong to this class.</summary>
    private static partial class Log
    {
        [LoggerMessage(1000, LogLevel.Error, "The state of user {UserId} could not be stored.")]
        public static partial void WriteFailed(ILogger logger, Exception exception, string userId);

        [LoggerMessage(1002, LogLevel.Error, "The state of user {UserId} could not be read.")]
        public static partial void ReadFailed(ILogger logger, Exception exception, string userId);

        [LoggerMessage(1003, LogLevel.Warning, "User {UserId} was written by another activation, which owns it now; this one ends.")]
        public static partial void Superseded(ILogger logger, Exception exception, string userId);

        [LoggerMessage(1004, LogLevel.Warning, "The state of user {UserId} is still not stored; it will be tried again.")]
        public static partial void StillNotStored(ILogger logger, Exception exception, string userId);

        [LoggerMessage(1005, LogLevel.Warning, "User {UserId} could not be put on the list of those online.")]
        public static partial void NotListed(ILogger logger, Exception exception, string userId);

        [LoggerMessage(1001, LogLevel.Warning, "User {UserId} could not be taken off the sessions of gateway life {Life}.")]
        public static partial void DelistFailed(ILogger logger, Exception exception, string userId, string life);
    }
}
