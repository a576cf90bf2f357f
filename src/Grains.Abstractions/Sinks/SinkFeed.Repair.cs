using Microsoft.Extensions.Logging;

namespace Presence.Grains.Sinks;

internal sealed partial class SinkFeed
{
    /// <summary>Asks the silo for what is missing, or the owners when it cannot help, until nothing is missing.</summary>
    private async Task RepairAsync(SiloFeed feed, string life)
    {
        while (NextGap(feed) is var (from, to))
        {
            if (!await ReplayAsync(feed, life, from, to))
            {
                Log.NotReplayed(logger, from, to, feed.Silo.Address);
                Forget(feed);
                await RecoverAsync(feed, isSilent: false);
            }
        }
    }

    /// <returns>False for a gap that no replay can fill.</returns>
    private async Task<bool> ReplayAsync(SiloFeed feed, string life, long from, long to)
    {
        try
        {
            var outbox = grains.GetGrain<IOutboxGrain>($"{feed.Silo.Address}@{feed.Silo.Epoch}");
            var batches = await outbox.ReplayAsync(life, from, to);
            if (batches?.LongLength != to - from + 1)
            {
                return false;
            }

            foreach (var batch in batches)
            {
                Take(feed, batch);
            }

            return true;
        }
        catch (Exception e)
        {
            // Whatever the reason: the owners know as well.
            Log.ReplayFailed(logger, e, feed.Silo.Address);
            return false;
        }
    }

    private async Task RecoverAsync(SiloFeed feed, bool isSilent)
    {
        try
        {
            await listener.RecoverAsync(feed.Silo, isSilent, _end.Token);
        }
        catch (Exception e) when (_end.IsCancellationRequested && e is OperationCanceledException or ObjectDisposedException)
        {
            // The process ends, and with it what it shows.
        }
        catch (Exception e)
        {
            Log.RecoveryFailed(logger, e, feed.Silo.Address);
        }
    }

    private static (long From, long To)? NextGap(SiloFeed feed)
    {
        lock (feed)
        {
            if (feed.Sequence.Missing is [var gap, ..])
            {
                return gap;
            }

            // Under the same lock: a gap that shows from here on starts a repair of its own.
            feed.IsRepairing = false;
            return null;
        }
    }

    private static void Forget(SiloFeed feed)
    {
        lock (feed)
        {
            feed.Sequence.Forget();
        }
    }

    /// <summary>Event ids 1300 to 1319 belong to this class.</summary>
    private static partial class Log
    {
        [LoggerMessage(1300, LogLevel.Warning, "Nothing is heard of silo {Silo}: its users are asked for elsewhere.")]
        public static partial void SiloSilent(ILogger logger, string silo);

        [LoggerMessage(1301, LogLevel.Warning, "Batches {From} to {To} of silo {Silo} are lost: its users are asked for again.")]
        public static partial void NotReplayed(ILogger logger, long from, long to, string silo);

        [LoggerMessage(1302, LogLevel.Warning, "Silo {Silo} could not be asked for batches that are missing.")]
        public static partial void ReplayFailed(ILogger logger, Exception exception, string silo);

        [LoggerMessage(1303, LogLevel.Error, "The users of silo {Silo} could not be asked for.")]
        public static partial void RecoveryFailed(ILogger logger, Exception exception, string silo);
    }
}
