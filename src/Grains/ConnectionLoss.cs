using Microsoft.Extensions.Logging;

namespace Presence.Grains;

/// <summary>Tells the users of a gateway's life that their connections are gone, at a pace that leaves room for everybody else.</summary>
internal sealed partial class ConnectionLoss(
    IGrainFactory grains, ISessionList sessions, TimeProvider clock, ILogger<ConnectionLoss> logger)
{
    private const int MaxAtOnce = 64;
    private const int MaxPerSecond = 10_000;
    private const int PacedAt = 500;

    /// <summary>Safe to repeat: users who have been told, or who have come back, see no change.</summary>
    /// <returns>False when some could not be told: repeat it.</returns>
    public async Task<bool> TellUsersAsync(string life, DateTimeOffset lastBeat, CancellationToken cancellationToken)
    {
        var places = new SemaphoreSlim(MaxAtOnce);
        var (started, asked, failed) = (clock.GetTimestamp(), 0, 0);
        await foreach (var userId in sessions.UsersAsync(life, cancellationToken))
        {
            await places.WaitAsync(cancellationToken);
            _ = TellAsync(userId);
            if (++asked % PacedAt == 0)
            {
                var ahead = TimeSpan.FromSeconds((double)asked / MaxPerSecond) - clock.GetElapsedTime(started);
                await Task.Delay(ahead > TimeSpan.Zero ? ahead : TimeSpan.Zero, clock, cancellationToken);
            }
        }

        // All places back means that everybody has answered.
        for (var i = 0; i < MaxAtOnce; i++)
        {
            await places.WaitAsync(cancellationToken);
        }

        Log.UsersTold(logger, life, asked, failed);
        return failed == 0;

        async Task TellAsync(string userId)
        {
            try
            {
                await grains.GetGrain<IUserPresenceGrain>(userId).LoseConnectionsAsync(life, lastBeat);
            }
            catch (Exception exception)
            {
                Interlocked.Increment(ref failed);
                Log.UserNotTold(logger, exception, userId, life);
            }
            finally
            {
                places.Release();
            }
        }
    }

    /// <summary>Event ids 1150 to 1199 belong to this class.</summary>
    private static partial class Log
    {
        [LoggerMessage(1150, LogLevel.Information, "Gateway life {Life}: {Users} users told that it is gone, {Failed} could not be reached.")]
        public static partial void UsersTold(ILogger logger, string life, int users, int failed);

        [LoggerMessage(1151, LogLevel.Debug, "User {UserId} could not be told that gateway life {Life} is gone; will be told again.")]
        public static partial void UserNotTold(ILogger logger, Exception exception, string userId, string life);
    }
}
