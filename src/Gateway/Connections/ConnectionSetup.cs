using Presence.Gateway.Sessions;

namespace Presence.Gateway.Connections;

/// <summary>What all connections of a gateway share.</summary>
internal sealed record ConnectionSetup(
    GatewayOptions Options, TimeProvider Clock, TimingWheel Wheel, Flushers Flushers, GatewayMetrics Metrics, MessageHandler Handler,
    ILogger<Connection> Logger);
