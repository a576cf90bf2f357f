namespace Presence.Grains.Rules.Users;

/// <summary>What a transition came from. Read off the two states, but for devices that are gone: only the command knows why.</summary>
internal static class Causes
{
    /// <summary>
    /// Why one device is gone. Its gateway tells of a device that left at once, and of one that was lost when the grace period is over:
    /// half of that lies between, so that clocks may differ by as much. Without a grace period all but the promptest count as lost.
    /// </summary>
    public static TransitionCause OfEnd(DateTimeOffset lastProof, DateTimeOffset now, TimeSpan grace) =>
        now - lastProof > grace / 2 ? TransitionCause.DeviceLost : TransitionCause.DeviceLeft;

    public static TransitionCause Of(UserState before, in Step step, DateTimeOffset now)
    {
        var next = step.Next;
        return next.Devices.Length < before.Devices.Length ? step.Gone
            : next.Devices.Length > before.Devices.Length ? TransitionCause.DeviceCame
            : OfClaims(before.Claims, next.Claims, now.UtcTicks) ?? OfReports(before.Devices, next.Devices)
            ?? (before.Policy?.Settings != next.Policy?.Settings ? TransitionCause.PrivacyChanged : TransitionCause.Other);
    }

    private static TransitionCause? OfClaims(Claim[] before, Claim[] after, long now)
    {
        foreach (var claim in after)
        {
            if (!before.Contains(claim))
            {
                return claim.Source == ClaimStack.Manual ? TransitionCause.ManualSet : TransitionCause.ClaimSet;
            }
        }

        foreach (var claim in before)
        {
            if (!after.Contains(claim))
            {
                return (claim.Source == ClaimStack.Manual, claim.ExpiresAt <= now) switch
                {
                    (true, true) => TransitionCause.ManualLapsed,
                    (true, false) => TransitionCause.ManualRemoved,
                    (false, true) => TransitionCause.ClaimLapsed,
                    (false, false) => TransitionCause.ClaimRemoved,
                };
            }
        }

        return null;
    }

    private static TransitionCause? OfReports(DeviceState[] before, DeviceState[] after)
    {
        for (var i = 0; i < before.Length; i++)
        {
            if (before[i].Status != after[i].Status)
            {
                return after[i].Status switch
                {
                    PresenceStatus.Idle => TransitionCause.DeviceIdle,
                    PresenceStatus.Away => TransitionCause.DeviceAway,
                    _ => TransitionCause.DeviceOnline,
                };
            }
        }

        return null;
    }
}
