namespace Presence.Grains.Settings;

/// <summary>
/// The settings that only one program of a cluster reads. Its processes often share one environment, and none must warn of what another one
/// reads.
/// </summary>
public static class ProgramKeys
{
    /// <summary>What gateways read and silos do not.</summary>
    public static IReadOnlyList<string> Gateway { get; } =
    [
        "Presence:HeartbeatInterval", "Presence:HeartbeatTimeout", "Presence:AuthTimeout", "Presence:MessageTimeout",
        "Presence:WatchLinger", "Presence:MaxMessageBytes", "Presence:MaxMetadataBytes", "Presence:ActivityExpiry", "Presence:HiddenDelay",
        "Presence:MaxSubscriptionsPerConnection", "Presence:MaxIdsPerMessage", "Presence:MaxUserIdLength", "Presence:MaxRoomsPerConnection",
        "Presence:MaxRoomIdLength", "Presence:MaxMessagesPerSecond", "Presence:MaxSendQueueBytes", "Presence:MaxJsonDepth",
        "Presence:MaxConnections", "Presence:DrainWindow", "Presence:AllowedOrigins", "Presence:Auth:Mode", "Presence:Auth:Insecure",
        "Presence:Auth:AllowQueryToken", "Presence:Auth:Issuer", "Presence:Auth:Audience", "Presence:Auth:Algorithm",
        "Presence:Auth:SharedSecret", "Presence:Auth:JwksFile", "Presence:Auth:JwksUrl", "Presence:Auth:MaxFailuresPerMinute",
        "Presence:Auth:ClockSkew",
    ];

    /// <summary>What silos read and gateways do not.</summary>
    public static IReadOnlyList<string> Silo { get; } =
    [
        "Presence:Cluster:Address", "Presence:Cluster:SiloPort", "Presence:Cluster:GatewayPort", "Presence:Cluster:SiloListenPort",
        "Presence:Cluster:GatewayListenPort", "Presence:Cluster:SiloName",
        "Presence:Cluster:ProbeTimeout", "Presence:Cluster:MissedProbes",
    ];
}
