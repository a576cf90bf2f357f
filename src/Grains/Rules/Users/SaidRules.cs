namespace Presence.Grains.Rules.Users;

/// <summary>What users say of themselves, and when it is over. Others see it only while they see the user at all.</summary>
internal static class SaidRules
{
    private static readonly SaidState Nothing = new(null, null, null);

    /// <summary>A custom status outlasts disconnects and restarts; null ends it.</summary>
    /// <exception cref="ArgumentException">The text is empty or too long.</exception>
    public static Step SetCustomStatus(UserState state, CustomStatus? custom, DateTimeOffset time)
    {
        if (custom?.Text.Length is 0 or > CustomStatus.MaxTextLength)
        {
            throw new ArgumentException($"The text must have 1 to {CustomStatus.MaxTextLength} characters.", nameof(custom));
        }

        return Say(state, (state.Said ?? Nothing) with { Custom = custom }, time);
    }

    /// <summary>The latest activity shows, whichever device it is of; null ends it, unless it is that of another device.</summary>
    public static Step SetActivity(UserState state, string connectionId, string? json, TimeSpan? expiresIn, DateTimeOffset time)
    {
        var at = ConnectionRules.IndexOfConnection(state.Devices, connectionId);
        if (at < 0)
        {
            return Step.Unchanged(state, Refusal.UnknownConnection);
        }

        var said = state.Said ?? Nothing;
        var deviceId = state.Devices[at].Device.Id;
        if (json is null)
        {
            return said.Activity?.DeviceId == deviceId ? Say(state, said with { Activity = null }, time) : Step.Unchanged(state);
        }

        var expiresAt = expiresIn is { } wait ? (time + wait).UtcTicks : ClaimStack.Never;
        return Say(state, said with { Activity = new(json, deviceId, expiresAt) }, time);
    }

    /// <summary>Metadata stays until it is replaced; null ends it.</summary>
    public static Step SetMetadata(UserState state, string? json, DateTimeOffset time) =>
        Say(state, (state.Said ?? Nothing) with { Metadata = json }, time);

    /// <summary>What is left of it by now. Returns the same object when nothing has ended.</summary>
    public static SaidState? Lasting(SaidState? said, DeviceState[] devices, long now)
    {
        if (said is null)
        {
            return null;
        }

        var custom = said.Custom is { } status && status.ExpiresAt?.UtcTicks <= now ? null : said.Custom;
        var activity = said.Activity is { } doing && (doing.ExpiresAt <= now || !Has(devices, doing.DeviceId)) ? null : said.Activity;
        return custom is null && activity is null && said.Metadata is null ? null
            : ReferenceEquals(custom, said.Custom) && ReferenceEquals(activity, said.Activity) ? said
            : said with { Custom = custom, Activity = activity };
    }

    /// <summary>When something ends; <see cref="ClaimStack.Never"/> if nothing does.</summary>
    public static long NextExpiry(SaidState? said) => said is null
        ? ClaimStack.Never
        : Math.Min(said.Custom?.ExpiresAt?.UtcTicks ?? ClaimStack.Never, said.Activity?.ExpiresAt ?? ClaimStack.Never);

    /// <summary>Whether nobody can tell one from the other.</summary>
    public static bool LookSame(SaidState? a, SaidState? b) =>
        ReferenceEquals(a, b) || (LookSameWithoutActivity(a, b) && a?.Activity?.Json == b?.Activity?.Json);

    /// <summary>Whether nobody can tell one from the other who does not see activities.</summary>
    public static bool LookSameWithoutActivity(SaidState? a, SaidState? b) => a?.Custom == b?.Custom && a?.Metadata == b?.Metadata;

    /// <summary>As it is shown; null when there is nothing to show.</summary>
    public static Said? View(SaidState? said) => said is null ? null : new(said.Custom, said.Activity?.Json, said.Metadata);

    private static Step Say(UserState state, SaidState said, DateTimeOffset time) =>
        Transition.To(state, state.Devices, state.Claims, said, time.UtcTicks, proof: time.UtcTicks);

    private static bool Has(DeviceState[] devices, string deviceId) => Array.Exists(devices, device => device.Device.Id == deviceId);
}
