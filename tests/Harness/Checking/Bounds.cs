namespace Presence.Harness.Checking;

/// <summary>What a test promises of the times.</summary>
public sealed record Bounds
{
    /// <summary>Within it a lost client that is back was never offline.</summary>
    public required TimeSpan Grace { get; init; }

    /// <summary>Who is lost is shown offline to everybody so long after, at the latest.</summary>
    public required TimeSpan OfflineAfterLoss { get; init; }

    /// <summary>Who left on purpose is shown offline to everybody so long after, at the latest. Other changes take as long.</summary>
    public TimeSpan Delivery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>What the measurements may be off: the server hears of everything later than it happens here.</summary>
    public TimeSpan Slack { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Times in which connected users may be shown offline, which a fault names.</summary>
    public IReadOnlyList<(TimeSpan From, TimeSpan To)> Windows { get; init; } = [];

    public bool IsInWindow(TimeSpan at) => Windows.Any(window => at >= window.From && at <= window.To);
}

/// <summary>A promise that was broken.</summary>
/// <param name="Promise">P1 to P6.</param>
/// <param name="What">Who saw what, and when.</param>
public sealed record Violation(string Promise, string What)
{
    public override string ToString() => $"{Promise}: {What}";
}
