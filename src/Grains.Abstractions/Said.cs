namespace Presence.Grains;

/// <summary>What a user says of itself, beside the status.</summary>
/// <param name="Custom">The custom status; null: none.</param>
/// <param name="Activity">What the user is doing: a JSON object with a <c>type</c>, without white space; null: nothing.</param>
/// <param name="Metadata">What the application keeps with the user: a JSON object, without white space; null: nothing.</param>
[GenerateSerializer, Immutable, Alias("presence.said")]
public sealed record Said(
    [property: Id(0)] CustomStatus? Custom, [property: Id(1)] string? Activity, [property: Id(2)] string? Metadata);

/// <summary>A status in the user's own words.</summary>
/// <param name="Text">1 to <see cref="MaxTextLength"/> characters.</param>
/// <param name="Emoji">Shown beside it; at most 64 characters.</param>
/// <param name="ExpiresAt">When it ends; null: never.</param>
[GenerateSerializer, Immutable, Alias("presence.custom-status")]
public sealed record CustomStatus(
    [property: Id(0)] string Text, [property: Id(1)] string? Emoji, [property: Id(2)] DateTimeOffset? ExpiresAt)
{
    /// <summary>The longest text, in characters.</summary>
    public const int MaxTextLength = 140;
}
