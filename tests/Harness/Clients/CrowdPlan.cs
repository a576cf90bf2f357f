namespace Presence.Harness.Clients;

/// <summary>How the clients of a crowd behave. All times are short, as those of the servers in a test of faults.</summary>
public sealed record CrowdPlan
{
    /// <summary>Full jitter up to this before the first attempt to come back, then up to twice as long, and so on.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromMilliseconds(500);

    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>An unanswered question is asked again after this.</summary>
    public TimeSpan AnswerTime { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Between two heartbeats, null for what the server asks for.</summary>
    public TimeSpan? HeartbeatInterval { get; init; }
}
