namespace Presence.Grains.Rules.Users;

/// <summary>What rooms may show of a user.</summary>
internal static class RoomViews
{
    /// <summary>What everybody may see of the state, and what is seen of a user who consents to be listed.</summary>
    public static (PresenceStatus Everyone, PresenceStatus Consented) Of(UserState state) =>
        (Everyone(state), Consented(state));

    /// <summary>What everybody may see of the state.</summary>
    public static PresenceStatus Everyone(UserState state) =>
        state.Policy is null or { Settings.ShowOnlineStatus: Audience.Everyone } ? Views.Status(state, Viewer.Others) : PresenceStatus.Offline;

    /// <summary>The devices that were connected before and are not any more.</summary>
    public static string[] Gone(DeviceState[] before, DeviceState[] after) => ReferenceEquals(before, after)
        ? []
        : [.. before.Select(device => device.Device.Id).Where(id => !Array.Exists(after, device => device.Device.Id == id))];

    /// <summary>Consent lifts the choice not to be seen, and what is under it shows.</summary>
    private static PresenceStatus Consented(UserState state) => Views.Status(
        state.Devices, Array.FindAll(state.Claims, claim => claim.Status != PresenceStatus.Invisible), Viewer.Others);
}
