using Microsoft.Extensions.Logging;

namespace Presence.Grains.Sinks;

/// <summary>Calls that must succeed in the end.</summary>
internal static partial class Repeat
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(2);

    /// <summary>With pauses that grow and differ: a cluster that is coming back must not be met by everybody at once.</summary>
    public static async ValueTask UntilItSucceedsAsync(Func<Task> call, TimeProvider clock, ILogger logger, CancellationToken cancellationToken)
    {
        for (var delay = FirstDelay; ; delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay)
        {
            try
            {
                await call();
                return;
            }
            catch (Exception e) when (SinkErrors.IsTemporary(e) && !cancellationToken.IsCancellationRequested)
            {
                Failed(logger, e);
                await Task.Delay(delay * (0.5 + Random.Shared.NextDouble()), clock, cancellationToken);
            }
        }
    }

    [LoggerMessage(1350, LogLevel.Debug, "An owner did not answer; it will be asked again.")]
    private static partial void Failed(ILogger logger, Exception exception);
}
