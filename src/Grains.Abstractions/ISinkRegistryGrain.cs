using Orleans.Concurrency;

namespace Presence.Grains;

/// <summary>
/// Every sink of the cluster, for silos that fill the interest of a user who comes online with all of them. It also looks after the
/// leases whose grain was lost with its silo.
/// </summary>
/// <remarks>Key: 0, the only one. Gateway grains register with each beat, silos ask each second; no client calls it.</remarks>
[Alias("presence.sink-registry")]
public interface ISinkRegistryGrain : IGrainWithIntegerKey
{
    /// <summary>The sink lives. Repeating it changes nothing but the observer, and a sink that has ended stays ended.</summary>
    [Alias("Begin")]
    ValueTask BeginAsync(SinkEntry sink);

    /// <summary>The sink is over for good. Repeating it changes nothing.</summary>
    [Alias("End")]
    ValueTask EndAsync(string sink);

    /// <summary>All sinks.</summary>
    /// <param name="known">The version that the caller holds; 0 for none.</param>
    /// <returns>Null when nothing has changed since <paramref name="known"/>.</returns>
    [ReadOnly, AlwaysInterleave, Alias("Read")]
    ValueTask<SinkList?> ReadAsync(long known);
}

/// <summary>One sink.</summary>
/// <param name="Sink">A life of a gateway or of another service.</param>
/// <param name="Observer">Where it takes batches by a direct call; null: by its stream.</param>
[GenerateSerializer, Immutable, Alias("presence.sink-entry")]
public sealed record SinkEntry([property: Id(0)] string Sink, [property: Id(1)] IPresenceSinkObserver? Observer);

/// <summary>All sinks at one moment.</summary>
/// <param name="Version">Changes with every change; means nothing else.</param>
/// <param name="Live">Those that live.</param>
/// <param name="Ended">The latest 1,024 that ended, the oldest first.</param>
[GenerateSerializer, Immutable, Alias("presence.sink-list")]
public sealed record SinkList([property: Id(0)] long Version, [property: Id(1)] SinkEntry[] Live, [property: Id(2)] string[] Ended);
