namespace Presence.Grains;

/// <summary>A status that another service sets for a user, over what the user's devices report and under what the person chose by hand.</summary>
/// <param name="Source">Who sets it: a key of <c>Presence:Claims</c>, such as <c>calendar</c>. Each source has one claim at most.</param>
/// <param name="Status">Away, busy, dnd or invisible: what the person could choose as well.</param>
/// <param name="Text">What it says beside the status, for the user's own eyes; at most <see cref="MaxTextLength"/> characters.</param>
/// <param name="ExpiresAt">When it lapses and the next claim shows; null: never. One that has passed is as good as no claim.</param>
[GenerateSerializer, Immutable, Alias("presence.presence-claim")]
public sealed record PresenceClaim(
    [property: Id(0)] string Source,
    [property: Id(1)] PresenceStatus Status,
    [property: Id(2)] string? Text,
    [property: Id(3)] DateTimeOffset? ExpiresAt)
{
    /// <summary>The longest text, in characters.</summary>
    public const int MaxTextLength = 140;
}
