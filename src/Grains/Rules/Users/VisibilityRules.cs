namespace Presence.Grains.Rules.Users;

/// <summary>What follows from whether a person can see a device, a tab in the background for example.</summary>
internal static class VisibilityRules
{
    /// <summary>
    /// Out of sight a device is away; in sight again it is online. What the person said of the device meanwhile, or before, is stronger:
    /// a device that is away by its person's word stays so.
    /// </summary>
    public static Step SetHidden(UserState state, string connectionId, bool isHidden, DateTimeOffset time)
    {
        var at = ConnectionRules.IndexOfConnection(state.Devices, connectionId);
        if (at < 0)
        {
            return Step.Unchanged(state, Refusal.UnknownConnection);
        }

        var device = state.Devices[at];
        if (isHidden ? device.Status == PresenceStatus.Away : !device.IsHidden)
        {
            return Step.Unchanged(state);
        }

        var status = isHidden ? PresenceStatus.Away : PresenceStatus.Online;
        var devices = state.Devices.With(at, device with { Status = status, IsHidden = isHidden });
        return Transition.To(state, devices, state.Claims, time.UtcTicks, proof: isHidden ? 0 : time.UtcTicks);
    }
}
