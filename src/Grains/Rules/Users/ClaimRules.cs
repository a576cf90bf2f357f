namespace Presence.Grains.Rules.Users;

/// <summary>What other services say of a user's status. They reach neither the person's own choice nor what the devices report.</summary>
internal static class ClaimRules
{
    /// <summary>A service sets its claim. It is no proof of life: the person may be elsewhere.</summary>
    /// <exception cref="ArgumentException">The status cannot be claimed, or the text is too long.</exception>
    public static Step Set(UserState state, PresenceClaim claim, DateTimeOffset time, UserLimits limits)
    {
        if (claim.Status is not (PresenceStatus.Away or PresenceStatus.Busy or PresenceStatus.Dnd or PresenceStatus.Invisible))
        {
            throw new ArgumentException($"{claim.Status} cannot be claimed.", nameof(claim));
        }

        if (claim.Text?.Length > PresenceClaim.MaxTextLength)
        {
            throw new ArgumentException($"The text of a claim has at most {PresenceClaim.MaxTextLength} characters.", nameof(claim));
        }

        if (!IsForServers(claim.Source, limits))
        {
            return Step.Unchanged(state, Refusal.UnknownSource);
        }

        var stored = new Claim(claim.Source, claim.Status, claim.Text, claim.ExpiresAt?.UtcTicks ?? ClaimStack.Never);
        return Transition.To(
            state, state.Devices, ClaimStack.Set(state.Claims, stored, limits.ClaimPriorities), time.UtcTicks, proof: 0);
    }

    /// <summary>A service removes its claim, and what is under it shows.</summary>
    public static Step Remove(UserState state, string source, DateTimeOffset time, UserLimits limits) => IsForServers(source, limits)
        ? Transition.To(state, state.Devices, ClaimStack.Remove(state.Claims, source), time.UtcTicks, proof: 0)
        : Step.Unchanged(state, Refusal.UnknownSource);

    /// <summary>After an activation: lapsed claims go, and the rest stand as the sources are configured now.</summary>
    public static Step Activated(UserState state, DateTimeOffset time, UserLimits limits) =>
        Transition.To(state, state.Devices, ClaimStack.Ordered(state.Claims, limits.ClaimPriorities), time.UtcTicks, proof: 0);

    private static bool IsForServers(string source, UserLimits limits) =>
        source != ClaimStack.Manual && limits.ClaimPriorities.ContainsKey(source);
}
