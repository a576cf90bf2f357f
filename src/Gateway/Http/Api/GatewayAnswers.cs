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
internal sealed record StatsAnswer(
    int Connections, int UsersOnline, long Subscriptions, double UpdatesPerSecond, PercentilesAnswer DeliveryMs, double MessagesPerSecond,
    double? ChangesPerSecond, long Rooms, IReadOnlyDictionary<string, int> Statuses, SiloAnswer[] Silos, IReadOnlyDictionary<string, long> Closes,
    IReadOnlyDictionary<string, long> Errors, bool IsDraining);

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
internal sealed record ConnectionAnswer(
    string ConnectionId, string? UserId, string? DeviceId, string? DeviceType, string? DeviceName, string? DeviceStatus, string? Address,
    DateTime OpenedAt, long SilentMs, int Subscriptions, int Rooms, bool IsBehind);
