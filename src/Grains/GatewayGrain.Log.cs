using Microsoft.Extensions.Logging;

namespace Presence.Grains;

internal sealed partial class GatewayGrain
{
    /// <summary>Event ids 1100 to 1149 belong to this class.</summary>
    private static partial class Log
    {
        [LoggerMessage(1100, LogLevel.Information, "Gateway life {Life} is over; its users have {Grace} to come back.")]
        public static partial void LifeEnded(ILogger logger, string life, TimeSpan grace);

        [LoggerMessage(1101, LogLevel.Warning, "Gateway life {Life} could not be taken further; will be tried again.")]
        public static partial void CheckFailed(ILogger logger, Exception exception, string life);

        [LoggerMessage(1102, LogLevel.Error, "The lease of gateway life {Life} could not be stored.")]
        public static partial void NotStored(ILogger logger, Exception exception, string life);

        [LoggerMessage(1103, LogLevel.Warning, "Gateway life {Life} could not be kept in the list of sinks; its next beat tries again.")]
        public static partial void NotListed(ILogger logger, Exception exception, string life);
    }
}
