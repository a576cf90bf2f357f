namespace Presence.Gateway.Http.Api;

/// <summary>What one gateway does right now.</summary>
/// <param name="Connections">Open sockets.</param>
/// <param name="UsersOnline">Users with a device here.</param>
/// <param name="Subscriptions">Subscriptions of all sockets.</param>
/// <param name="UpdatesPerSecond">Updates queued for sockets in the last whole second.</param>
/// <param name="DeliveryMs">How long updates of the last whole second waited until they were written.</param>
/// <param name="MessagesPerSecond">Messages from clients in the last whole second.</param>
/// <param name="ChangesPerSecond">Changes that others can see, in the last whole second; only where the owners are in the same process.</param>
/// <param name="Rooms">Rooms of which this gateway holds a replica.</param>
/// <param name="Statuses">The users with a device here, by what they show to themselves.</param>
/// <param name="Silos">The silos that are expected to be heard.</param>
/// <param name="Closes">Sockets closed since the start, by close code.</param>
/// <param name="Errors">Messages answered by an error since the start, by code.</param>
/// <param name="IsDraining">Whether the gateway is about to stop.</param>
/// <param name="Redis">How the gateway's own reads from Redis go; absent where there is none.</param>
internal sealed record StatsAnswer(
    int Connections, int UsersOnline, long Subscriptions, double UpdatesPerSecond, PercentilesAnswer DeliveryMs, double MessagesPerSecond,
    double? ChangesPerSecond, long Rooms, IReadOnlyDictionary<string, int> Statuses, SiloAnswer[] Silos, IReadOnlyDictionary<string, long> Closes,
    IReadOnlyDictionary<string, long> Errors, bool IsDraining, RedisAnswer? Redis);

/// <summary>The gateway reads from Redis where the silos are, every two seconds, and nothing else.</summary>
/// <param name="ReadMs">How long the last read took, in milliseconds; absent when it failed.</param>
internal sealed record RedisAnswer(double? ReadMs);

/// <summary>Upper bounds in milliseconds, within a factor of two.</summary>
internal sealed record PercentilesAnswer(double P50, double P95, double P99);

/// <summary>A silo, as one gateway hears of it.</summary>
/// <param name="Address">Address and port.</param>
/// <param name="Users">Users with a device at this gateway whom the silo owns.</param>
/// <param name="SilentMs">Since when nothing was heard of it, in milliseconds: normally below 1,000.</param>
internal sealed record SiloAnswer(string Address, int Users, long SilentMs);

/// <summary>Connections of one gateway.</summary>
/// <param name="Count">How many there are.</param>
/// <param name="Connections">At most 200 of those that were asked for.</param>
internal sealed record ConnectionsAnswer(int Count, ConnectionAnswer[] Connections);

/// <summary>An open socket; what is about its user is absent until it is authenticated.</summary>
/// <param name="ConnectionId">As <c>authenticated</c> tells it to the client.</param>
/// <param name="UserId">Who is on it.</param>
/// <param name="DeviceId">The device of that user.</param>
/// <param name="DeviceType">web, mobile, desktop or server.</param>
/// <param name="DeviceName">As the client says it.</param>
/// <param name="DeviceStatus">What the device last said of itself: online, idle or away.</param>
/// <param name="Address">Where it comes from, or the proxy before it.</param>
/// <param name="OpenedAt">When it was opened.</param>
/// <param name="SilentMs">Since when nothing has come from it, in milliseconds.</param>
/// <param name="Subscriptions">Users it follows.</param>
/// <param name="Rooms">Rooms it is in or watches.</param>
/// <param name="IsBehind">Whether its reader does not keep up.</param>
/// <param name="QueuedBytes">Bytes that wait to be sent: normally 0.</param>
/// <param name="RoundTripMs">From the last ping to its pong, in milliseconds; absent before the first.</param>
internal sealed record ConnectionAnswer(
    string ConnectionId, string? UserId, string? DeviceId, string? DeviceType, string? DeviceName, string? DeviceStatus, string? Address,
    DateTime OpenedAt, long SilentMs, int Subscriptions, int Rooms, bool IsBehind, int QueuedBytes, double? RoundTripMs);

/// <summary>Changes that this gateway heard of, while somebody asks.</summary>
/// <param name="Last">The number of the last one: what to ask after next time.</param>
/// <param name="Events">At most 200, the oldest first.</param>
internal sealed record EventsAnswer(long Last, EventAnswer[] Events);

/// <summary>A change of what others see of a user, as far as they may see everything.</summary>
/// <param name="Number">Rises by one with each; begins anew with the process.</param>
/// <param name="At">When this gateway heard of it.</param>
/// <param name="UserId">Whose.</param>
/// <param name="From">The status before; absent when the gateway knew nothing of the user.</param>
/// <param name="To">The status since.</param>
/// <param name="Kind">What is new: status, said (what the user says of itself) or privacy.</param>
/// <param name="Version">The version of the presence.</param>
internal sealed record EventAnswer(long Number, DateTime At, string UserId, string? From, string To, string Kind, long Version);

/// <summary>The settings of this process as they are in force.</summary>
/// <param name="Settings">All of them, by their keys.</param>
internal sealed record ConfigAnswer(SettingAnswer[] Settings);

/// <summary>A setting.</summary>
/// <param name="Key">The whole key.</param>
/// <param name="Value">The value in force, as one writes it; of a secret only "set" or "not set".</param>
/// <param name="Default">What holds when it is not set.</param>
/// <param name="IsSet">Whether the configuration has it.</param>
/// <param name="IsSecret">Whether the value is hidden.</param>
internal sealed record SettingAnswer(string Key, string Value, string Default, bool IsSet, bool IsSecret);

/// <summary>The latest transitions of a user's status.</summary>
/// <param name="Transitions">At most 50, the latest first.</param>
internal sealed record TimelineAnswer(TransitionAnswer[] Transitions);

/// <summary>One step of a user's status, or a device that came or went without one.</summary>
/// <param name="At">When.</param>
/// <param name="PublicFrom">What everyone could see before.</param>
/// <param name="PublicTo">What everyone can see since.</param>
/// <param name="OwnFrom">What the user itself saw before.</param>
/// <param name="OwnTo">What the user itself sees since.</param>
/// <param name="Cause">What it came from, such as device_came, device_lost or claim_lapsed.</param>
internal sealed record TransitionAnswer(DateTime At, string PublicFrom, string PublicTo, string OwnFrom, string OwnTo, string Cause);
