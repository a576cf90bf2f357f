namespace Presence.Grains.Rules.Users;

/// <summary>What a user says of itself, as it is stored. At least one of the three is there.</summary>
/// <param name="Custom">The custom status.</param>
/// <param name="Activity">What the user does at one device.</param>
/// <param name="Metadata">What the application keeps with the user.</param>
[GenerateSerializer, Immutable, Alias("presence.said-state")]
internal sealed record SaidState(
    [property: Id(0)] CustomStatus? Custom, [property: Id(1)] ActivityState? Activity, [property: Id(2)] string? Metadata);

/// <summary>What a user does at a device.</summary>
/// <param name="Json">A JSON object.</param>
/// <param name="DeviceId">The device: the activity ends with it.</param>
/// <param name="ExpiresAt">When it ends; <see cref="ClaimStack.Never"/> if that is only with its device.</param>
[GenerateSerializer, Immutable, Alias("presence.activity-state")]
internal sealed record ActivityState(
    [property: Id(0)] string Json, [property: Id(1)] string DeviceId, [property: Id(2)] long ExpiresAt);
