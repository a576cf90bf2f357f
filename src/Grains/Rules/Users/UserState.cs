using Presence.Grains.Rules.Privacy;

namespace Presence.Grains.Rules.Users;

/// <summary>All that is stored of one user. Immutable: a change is a new state, so that the old one can be read while the new one is written.</summary>
/// <remarks>Times are UTC ticks, 0 for never: half the size of a nullable <see cref="DateTimeOffset"/>.</remarks>
[GenerateSerializer, Immutable, Alias("presence.user-state")]
internal sealed record UserState
{
    /// <summary>A user nobody ever saw.</summary>
    public static readonly UserState NeverSeen = new();

    /// <summary>The connected devices, the longest connected first.</summary>
    [Id(0)]
    public DeviceState[] Devices { get; init; } = [];

    /// <summary>What was chosen over the devices' own reports; at most one of each source.</summary>
    [Id(1)]
    public Claim[] Claims { get; init; } = [];

    /// <summary>The last proof of life while others could see the user. Stands still while the user is invisible.</summary>
    [Id(2)]
    public long PublicLastSeen { get; init; }

    /// <summary>The last proof of life.</summary>
    [Id(3)]
    public long LastSeen { get; init; }

    /// <summary>Counts what others can see.</summary>
    [Id(4)]
    public VersionCounter PublicVersion { get; init; }

    /// <summary>Counts what the user's own connections can see.</summary>
    [Id(5)]
    public VersionCounter OwnVersion { get; init; }

    /// <summary>Counts the connections: the higher of two of one device is the newer.</summary>
    [Id(10)]
    public long LastOrder { get; init; }

    /// <summary>Who wrote this, and how many writes went before.</summary>
    [Id(11)]
    public WriteStamp Stamp { get; init; }

    /// <summary>Whom the user shows itself to; null for the many who show everything to everyone.</summary>
    [Id(20)]
    public Policy? Policy { get; init; }

    /// <summary>What the user says of itself; null for those who say nothing.</summary>
    [Id(21)]
    public SaidState? Said { get; init; }
}

/// <summary>Tells a store that has lost writes from one that somebody else has written to.</summary>
/// <param name="Writer">The activation that wrote, a random number.</param>
/// <param name="Number">Rises with every write, over all activations.</param>
[GenerateSerializer, Immutable, Alias("presence.write-stamp")]
internal readonly record struct WriteStamp([property: Id(0)] long Writer, [property: Id(1)] long Number);

/// <summary>One connected device.</summary>
/// <param name="Device">Who it is.</param>
/// <param name="Status">Its own last report: online, idle or away.</param>
/// <param name="ConnectedAt">Since when it has been connected; kept over a reconnect.</param>
/// <param name="ConnectionId">Its current connection.</param>
/// <param name="Life">The life of the gateway that holds the connection.</param>
/// <param name="Order">Rises with every connection of the user: the higher one of two of this device is the newer.</param>
/// <param name="IsHidden">It is away only because its person does not look at it.</param>
/// <param name="LastRequest">The number of the last status that its connection set; 0 when they are not counted.</param>
[GenerateSerializer, Immutable, Alias("presence.device-state")]
internal sealed record DeviceState(
    [property: Id(0)] Device Device,
    [property: Id(1)] PresenceStatus Status,
    [property: Id(2)] long ConnectedAt,
    [property: Id(3)] string ConnectionId,
    [property: Id(4)] string Life,
    [property: Id(5)] long Order,
    [property: Id(20)] bool IsHidden = false,
    [property: Id(21)] long LastRequest = 0);

/// <summary>A status that was chosen, by the person or by another service for them.</summary>
/// <param name="Source">Who chose it; see <see cref="ClaimStack"/>.</param>
/// <param name="Status">What it shows.</param>
/// <param name="Text">What it says beside the status.</param>
/// <param name="ExpiresAt">When it lapses; <see cref="ClaimStack.Never"/> if it does not.</param>
[GenerateSerializer, Immutable, Alias("presence.claim")]
internal sealed record Claim(
    [property: Id(0)] string Source,
    [property: Id(1)] PresenceStatus Status,
    [property: Id(2)] string? Text,
    [property: Id(3)] long ExpiresAt);
