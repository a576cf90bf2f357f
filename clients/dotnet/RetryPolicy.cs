namespace Presence.Client;

/// <summary>When to come back.</summary>
public interface IPresenceRetryPolicy
{
    /// <summary>Asked after every loss and every failed attempt. A wait that the server asks for goes before it.</summary>
    /// <returns>The wait; null to give up.</returns>
    TimeSpan? NextRetryDelay(PresenceRetryContext context);
}

/// <summary>What a retry policy may go by.</summary>
/// <param name="PreviousRetryCount">Attempts since the last connection that held for 10 s.</param>
/// <param name="RetryReason">Why the connection, or the last attempt, failed.</param>
public readonly record struct PresenceRetryContext(int PreviousRetryCount, Exception RetryReason);

/// <summary>
/// A random part of a bound that doubles from 1 s to 8 s, and is 30 s after ten attempts, without end: after a restart of the server its
/// clients come back spread out over time, and not together; and within the grace period (10 s), so that nobody is seen to leave.
/// </summary>
public sealed class FullJitterRetryPolicy : IPresenceRetryPolicy
{
    private const int RestartAttempts = 10;

    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Restart = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public TimeSpan? NextRetryDelay(PresenceRetryContext context)
    {
        var longest = context.PreviousRetryCount < RestartAttempts ? Restart : Longest;
        var bound = First * Math.Pow(2, Math.Min(context.PreviousRetryCount, 10));
#pragma warning disable CA5394 // Spreads clients; nothing secret depends on it.
        return (bound < longest ? bound : longest) * Random.Shared.NextDouble();
#pragma warning restore CA5394
    }
}
