namespace Presence.Grains.Rules.Gateways;

/// <summary>What is stored of one life of a gateway. Times are UTC ticks, 0 for never.</summary>
[GenerateSerializer, Immutable, Alias("presence.gateway-state")]
internal sealed record GatewayState
{
    /// <summary>The last sign of life.</summary>
    [Id(0)]
    public long LastBeat { get; init; }

    /// <summary>When the end of this life was noticed.</summary>
    [Id(1)]
    public long EndedAt { get; init; }

    /// <summary>When every connection had been taken offline.</summary>
    [Id(2)]
    public long DoneAt { get; init; }
}
