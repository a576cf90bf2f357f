namespace Presence.Grains.Rules.Users;

/// <summary>The one way from a state to the next: last seen, versions and what changed follow from the devices and the claims.</summary>
internal static class Transition
{
    /// <param name="before">The state so far.</param>
    /// <param name="devices">The devices from now on; the same array if none changed.</param>
    /// <param name="claims">The claims from now on; the same array if none changed. Lapsed ones are left out here.</param>
    /// <param name="now">The time.</param>
    /// <param name="proof">When the user was last known present, as far as this command tells; 0 if it does not.</param>
    public static Step To(UserState before, DeviceState[] devices, Claim[] claims, long now, long proof)
    {
        claims = ClaimStack.Unexpired(claims, now);
        if (ReferenceEquals(devices, before.Devices) && SameClaims(claims, before.Claims))
        {
            return Step.Unchanged(before);
        }

        var (was, shows) = (Views.Status(before, Viewer.Others), Views.Status(devices, claims, Viewer.Others));
        var publicChanged = was != shows;
        var ownChanged = Views.Status(before, Viewer.Self) != Views.Status(devices, claims, Viewer.Self)
            || !Views.LookSame(before.Devices, devices);
        var cameOnline = was == PresenceStatus.Offline && publicChanged;
        if (cameOnline)
        {
            // Whoever comes into sight, be it because a claim lapsed, is there now.
            proof = now;
        }

        // Going offline or invisible still moves it, to the last proof others could have had; after that it stands still.
        var wasInSight = was != PresenceStatus.Offline || cameOnline;
        return new Step
        {
            HasChanged = true,
            PublicChanged = publicChanged,
            OwnChanged = ownChanged,
            CameOnline = cameOnline,
            Next = before with
            {
                Devices = devices,
                Claims = claims,
                PublicLastSeen = wasInSight ? Math.Max(before.PublicLastSeen, proof) : before.PublicLastSeen,
                LastSeen = Math.Max(before.LastSeen, proof),
                PublicVersion = publicChanged ? before.PublicVersion.Next() : before.PublicVersion,
                OwnVersion = ownChanged ? before.OwnVersion.Next() : before.OwnVersion,
            },
        };
    }

    private static bool SameClaims(Claim[] a, Claim[] b) => ReferenceEquals(a, b) || a.AsSpan().SequenceEqual(b);
}
