namespace Presence.Grains.Rules.Users;

/// <summary>The settings that the rules of a user need.</summary>
internal sealed record UserLimits(
    int MaxDevices, int MaxChangesPer10s, TimeSpan LastSeenStep, IReadOnlyDictionary<string, int> ClaimPriorities);
