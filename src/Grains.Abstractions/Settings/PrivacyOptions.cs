namespace Presence.Grains.Settings;

/// <summary>Whom users show themselves to as long as they do not say otherwise; configuration section <c>Presence:Privacy</c>.</summary>
[SettingsSection("Presence:Privacy")]
public sealed class PrivacyOptions
{
    /// <summary>Who sees the status. Default everyone.</summary>
    public Audience ShowOnlineStatus { get; set; } = Audience.Everyone;

    /// <summary>Who sees when a user was last there. Default everyone.</summary>
    public Audience ShowLastSeen { get; set; } = Audience.Everyone;

    /// <summary>Who sees the activity. Default everyone.</summary>
    public Audience ShowActivity { get; set; } = Audience.Everyone;

    /// <summary>Most contacts of one user. Default 10,000; 0 to 1,000,000.</summary>
    [Number(0, 1_000_000)]
    public int MaxContacts { get; set; } = 10_000;

    /// <summary>Most users that one user blocks. Default 10,000; 0 to 1,000,000.</summary>
    [Number(0, 1_000_000)]
    public int MaxBlocked { get; set; } = 10_000;
}
