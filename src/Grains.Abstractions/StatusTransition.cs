namespace Presence.Grains;

/// <summary>One step of a user's status, or a device that came or went without one.</summary>
/// <param name="At">When.</param>
/// <param name="PublicFrom">What everyone could see before: offline also for who is invisible, or shows its status not to everyone.</param>
/// <param name="PublicTo">What everyone can see since.</param>
/// <param name="OwnFrom">What the user's own connections saw before.</param>
/// <param name="OwnTo">What they see since.</param>
/// <param name="Cause">What it came from.</param>
[GenerateSerializer, Immutable, Alias("presence.status-transition")]
public readonly record struct StatusTransition(
    [property: Id(0)] DateTimeOffset At,
    [property: Id(1)] PresenceStatus PublicFrom,
    [property: Id(2)] PresenceStatus PublicTo,
    [property: Id(3)] PresenceStatus OwnFrom,
    [property: Id(4)] PresenceStatus OwnTo,
    [property: Id(5)] TransitionCause Cause);

/// <summary>What a transition came from. The numbers travel between processes: never renumber, never reuse.</summary>
public enum TransitionCause
{
    /// <summary>None of the others, such as other priorities of claims after a restart.</summary>
    Other = 0,

    /// <summary>A device connected.</summary>
    DeviceCame = 1,

    /// <summary>The person closed a device on purpose.</summary>
    DeviceLeft = 2,

    /// <summary>A device was lost, and its grace period is over.</summary>
    DeviceLost = 3,

    /// <summary>The gateway that held the device is gone, and the grace period is over.</summary>
    GatewayLost = 4,

    /// <summary>All devices were signed out by a call.</summary>
    SignedOut = 5,

    /// <summary>A device is in use again.</summary>
    DeviceOnline = 6,

    /// <summary>A device is idle.</summary>
    DeviceIdle = 7,

    /// <summary>A device is away: its person said so, or does not look at it.</summary>
    DeviceAway = 8,

    /// <summary>The person chose a status by hand.</summary>
    ManualSet = 9,

    /// <summary>The person took the choice back.</summary>
    ManualRemoved = 10,

    /// <summary>The time of the person's choice is over.</summary>
    ManualLapsed = 11,

    /// <summary>A server claimed a status.</summary>
    ClaimSet = 12,

    /// <summary>A server took its claim back.</summary>
    ClaimRemoved = 13,

    /// <summary>The time of a server's claim is over.</summary>
    ClaimLapsed = 14,

    /// <summary>The person shows the status to others than before.</summary>
    PrivacyChanged = 15,
}
