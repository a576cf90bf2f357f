using Microsoft.Extensions.Logging;

namespace Presence.Grains.Sinks;

internal sealed partial class SinkSession
{
    /// <summary>Event ids 1320 to 1339 belong to this class.</summary>
    private static partial class Log
    {
        [LoggerMessage(1320, LogLevel.Warning, "The lease could not be renewed; trying again.")]
        public static partial void BeatFailed(ILogger logger, Exception exception);

        [LoggerMessage(1321, LogLevel.Warning, "The lease was lost (life {Life}): a new life begins, and everybody is announced again.")]
        public static partial void LeaseLost(ILogger logger, string life);

        [LoggerMessage(1322, LogLevel.Warning, "The cluster answers, but nothing is heard under life {Life}: a new life begins.")]
        public static partial void FeedDead(ILogger logger, string life);

        [LoggerMessage(1323, LogLevel.Warning, "The feed could not be subscribed to; trying again.")]
        public static partial void NotSubscribed(ILogger logger, Exception exception);

        [LoggerMessage(1325, LogLevel.Warning, "The end of this process could not be told; its lease lapses.")]
        public static partial void NotEnded(ILogger logger, Exception exception);

        [LoggerMessage(1326, LogLevel.Warning, "This process did not run for a while.")]
        public static partial void Resumed(ILogger logger);

        [LoggerMessage(1324, LogLevel.Error, "Not everybody could be announced again.")]
        public static partial void NotToldAgain(ILogger logger, Exception exception);
    }
}
