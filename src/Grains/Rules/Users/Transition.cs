namespace Presence.Grains.Rules.Users;

/// <summary>The one way from a state to the next: last seen, versions and what changed follow from the devices and the claims.</summary>
internal static class Transition
{
    /// <summary>The same, for what says nothing new of the user.</summary>
    public static Step To(UserState before, DeviceState[] devices, Claim[] claims, long now, long proof) =>
        To(before, devices, claims, before.Said, now, proof);

    /// <param name="before">The state so far.</param>
    /// <param name="devices">The devices from now on; the same array if none changed.</param>
    /// <param name="claims">The claims from now on; the same array if none changed. Lapsed ones are left out here.</param>
    /// <param name="said">What the user says of itself from now on. What has ended is left out here.</param>
    /// <param name="now">The time.</param>
    /// <param name="proof">When the user was last known present, as far as this command tells; 0 if it does not.</param>
    public static Step To(UserState before, DeviceState[] devices, Claim[] claims, SaidState? said, long now, long proof)
    {
        claims = ClaimStack.Unexpired(claims, now);
        said = SaidRules.Lasting(said, devices, now);
        if (ReferenceEquals(devices, before.Devices) && SameClaims(claims, before.Claims) && said == before.Said)
        {
            return Step.Unchanged(before);
        }

        var (was, shows) = (Views.Status(before, Viewer.Others), Views.Status(devices, claims, Viewer.Others));
        var looksSame = SaidRules.LookSame(before.Said, said);
        var publicChanged = was != shows || (shows != PresenceStatus.Offline && !looksSame);
        var ownChanged = !looksSame || Views.Status(before, Viewer.Self) != Views.Status(devices, claims, Viewer.Self)
            || !Views.LookSame(before.Devices, devices);
        var cameOnline = was == PresenceStatus.Offline && was != shows;
        if (cameOnline)
        {
            // Whoever comes into sight, be it because a claim lapsed, is there now.
            proof = now;
        }

        // Going offline or invisible still moves it, to the last proof others could have had; after that it stands still.
        var wasInSight = was != PresenceStatus.Offline || cameOnline;
        var next = before with
        {
            Devices = devices,
            Claims = claims,
            Said = said,
            PublicLastSeen = wasInSight ? Math.Max(before.PublicLastSeen, proof) : before.PublicLastSeen,
            LastSeen = Math.Max(before.LastSeen, proof),
            PublicVersion = publicChanged ? before.PublicVersion.Next() : before.PublicVersion,
            OwnVersion = ownChanged ? before.OwnVersion.Next() : before.OwnVersion,
        };
        return new Step
        {
            HasChanged = true,
            PublicChanged = publicChanged,
            OwnChanged = ownChanged,
            CameOnline = cameOnline,
            Next = next.Policy is { } policy && publicChanged
                ? next with { Policy = policy.Advance(before, next, isSameStatus: was == shows) }
                : next,
        };
    }

    private static bool SameClaims(Claim[] a, Claim[] b) => ReferenceEquals(a, b) || a.AsSpan().SequenceEqual(b);
}
