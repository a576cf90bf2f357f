namespace Presence.Grains.Rules.Users;

/// <summary>Who looks at a user.</summary>
internal enum Viewer
{
    /// <summary>Anybody else.</summary>
    Others,

    /// <summary>The user's own connections.</summary>
    Self,
}

/// <summary>What each kind of viewer sees of a state.</summary>
internal static class Views
{
    public static PresenceStatus Status(DeviceState[] devices, Claim[] claims, Viewer viewer)
    {
        if (devices.Length == 0)
        {
            return PresenceStatus.Offline;
        }

        var status = ClaimStack.Top(claims)?.Status ?? Best(devices);
        return viewer == Viewer.Others && status == PresenceStatus.Invisible ? PresenceStatus.Offline : status;
    }

    public static PresenceStatus Status(UserState state, Viewer viewer) => Status(state.Devices, state.Claims, viewer);

    /// <summary>What the device of this connection says of itself; offline when it is not one of the user's.</summary>
    public static PresenceStatus DeviceStatus(UserState state, string connectionId)
    {
        var at = ConnectionRules.IndexOfConnection(state.Devices, connectionId);
        return at < 0 ? PresenceStatus.Offline : state.Devices[at].Status;
    }

    public static UserPresence Public(UserState state, string userId, UserLimits limits)
    {
        var status = Status(state, Viewer.Others);
        return new(
            userId,
            status,
            ToTime(state.PublicLastSeen - (state.PublicLastSeen % limits.LastSeenStep.Ticks)),
            state.PublicVersion.Value,
            status == PresenceStatus.Offline ? null : SaidRules.View(state.Said),
            state.Policy?.Number ?? 0,
            state.Policy?.Shown ?? Shown.ToAll);
    }

    public static OwnPresence Own(UserState state, string userId)
    {
        var devices = new DevicePresence[state.Devices.Length];
        for (var i = 0; i < devices.Length; i++)
        {
            var device = state.Devices[i];
            devices[i] = new(device.Device, device.Status, new(device.ConnectedAt, TimeSpan.Zero));
        }

        return new(
            userId,
            Status(state, Viewer.Self),
            ToTime(state.LastSeen),
            state.OwnVersion.Value,
            devices.Length == 0 ? null : devices[0].ConnectedAt,
            devices,
            SaidRules.View(state.Said));
    }

    /// <summary>What decides over the status in the user's own view.</summary>
    public static Explanation Explain(UserState state)
    {
        if (state.Devices.Length == 0)
        {
            return new("none", PresenceStatus.Offline, null, null);
        }

        if (ClaimStack.Top(state.Claims) is { } claim)
        {
            return new(claim.Source, claim.Status, null, claim.ExpiresAt == ClaimStack.Never ? null : ToTime(claim.ExpiresAt), claim.Text);
        }

        var best = Best(state.Devices);
        return new("device", best, Array.Find(state.Devices, device => device.Status == best)!.Device.Id, null);
    }

    /// <summary>Whether the devices look the same in the user's own view, which shows no connection.</summary>
    public static bool LookSame(DeviceState[] before, DeviceState[] after)
    {
        if (before.Length != after.Length)
        {
            return false;
        }

        for (var i = 0; i < before.Length; i++)
        {
            var (a, b) = (before[i], after[i]);
            if (!ReferenceEquals(a, b) && (a.Status != b.Status || a.ConnectedAt != b.ConnectedAt || a.Device != b.Device))
            {
                return false;
            }
        }

        return true;
    }

    // The numbers of the three rise from online over idle to away.
    private static PresenceStatus Best(DeviceState[] devices)
    {
        var best = PresenceStatus.Away;
        foreach (var device in devices)
        {
            best = device.Status < best ? device.Status : best;
        }

        return best;
    }

    private static DateTimeOffset? ToTime(long ticks) => ticks == 0 ? null : new DateTimeOffset(ticks, TimeSpan.Zero);
}
