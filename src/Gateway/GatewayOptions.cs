using Presence.Grains.Settings;

namespace Presence.Gateway;

/// <summary>Settings of a gateway; configuration section <c>Presence</c>.</summary>
public sealed class GatewayOptions
{
    /// <summary>How often the server pings every socket. Default 20 s; 100 ms to 10 min.</summary>
    [Duration("100ms", "10m")]
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Silence after which a socket is taken for lost; at least twice <see cref="HeartbeatInterval"/>. Default 45 s; 200 ms to 1 h.</summary>
    [Duration("200ms", "1h")]
    public TimeSpan HeartbeatTimeout { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>How long a socket may take to authenticate. Default 10 s; 100 ms to 10 min.</summary>
    [Duration("100ms", "10m")]
    public TimeSpan AuthTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a message may take from its first byte to its last. Default 10 s; 100 ms to 10 min.</summary>
    [Duration("100ms", "10m")]
    public TimeSpan MessageTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a user nobody subscribes to any more stays known to this gateway. Default 60 s; 0 to 1 h.</summary>
    [Duration("0s", "1h")]
    public TimeSpan WatchLinger { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Largest message a client may send, in bytes. Default 65,536; 256 to 16,777,216.</summary>
    [Number(256, 16_777_216)]
    public int MaxMessageBytes { get; set; } = 65_536;

    /// <summary>Largest metadata or activity, in bytes of JSON. Default 4,096; 2 to 65,536.</summary>
    [Number(2, 65_536)]
    public int MaxMetadataBytes { get; set; } = 4_096;

    /// <summary>How long an activity lasts whose message does not say. Default 3 s; 100 ms to 24 h.</summary>
    [Duration("100ms", "24h")]
    public TimeSpan ActivityExpiry { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a device must be out of its person's sight before it counts as away. Default 30 s; 0 to 24 h.</summary>
    [Duration("0s", "24h")]
    public TimeSpan HiddenDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Most users one connection may subscribe to. Default 5,000; 1 to 1,000,000.</summary>
    [Number(1, 1_000_000)]
    public int MaxSubscriptionsPerConnection { get; set; } = 5_000;

    /// <summary>Most ids in one message. Default 1,000; 1 to 100,000.</summary>
    [Number(1, 100_000)]
    public int MaxIdsPerMessage { get; set; } = 1_000;

    /// <summary>Longest user id, in characters. Default 128; 1 to 1,024.</summary>
    [Number(1, 1_024)]
    public int MaxUserIdLength { get; set; } = 128;

    /// <summary>Most rooms one connection may be in or watch. Default 100; 1 to 100,000.</summary>
    [Number(1, 100_000)]
    public int MaxRoomsPerConnection { get; set; } = 100;

    /// <summary>Longest room id, in characters. Default 128; 1 to 1,024.</summary>
    [Number(1, 1_024)]
    public int MaxRoomIdLength { get; set; } = 128;

    /// <summary>
    /// Messages a second one connection may send, control frames included, and calls by HTTP that one user may make; twice as many at
    /// once. Default 50; 1 to 1,000,000.
    /// </summary>
    [Number(1, 1_000_000)]
    public int MaxMessagesPerSecond { get; set; } = 50;

    /// <summary>Bytes that may wait for one slow reader before it is cut off. Default 1,048,576; 262,144, which holds the longest list, to 268,435,456.</summary>
    [Number(262_144, 268_435_456)]
    public int MaxSendQueueBytes { get; set; } = 1_048_576;

    /// <summary>Deepest nesting of a message. Default 16; 2 to 64.</summary>
    [Number(2, 64)]
    public int MaxJsonDepth { get; set; } = 16;

    /// <summary>Most sockets of this gateway; more are answered 503. Default 100,000; 1 to 10,000,000.</summary>
    [Number(1, 10_000_000)]
    public int MaxConnections { get; set; } = 100_000;

    /// <summary>Longest time over which the sockets are sent away when the process stops. Default 10 s; 0 to 15 s.</summary>
    [Duration("0s", "15s")]
    public TimeSpan DrainWindow { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Origins of pages that may connect and call, beside the gateway's own: scheme, host and port, compared exactly. Default none.</summary>
    public string[] AllowedOrigins { get; set; } = [];
}
