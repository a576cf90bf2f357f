using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace Presence.Grains;

/// <summary>The way from outside to the outbox of one silo.</summary>
[GrainType("presence-outbox"), OnSilo]
internal sealed class OutboxGrain(Outbox outbox) : Grain, IOutboxGrain
{
    public ValueTask<SinkBatch[]?> ReplayAsync(string sink, long from, long to) => new(outbox.Replay(sink, from, to));
}

/// <summary>Puts a grain on the silo that its key names.</summary>
internal sealed class OnSiloAttribute() : PlacementAttribute(new OnSiloPlacement());

/// <inheritdoc cref="OnSiloAttribute"/>
[GenerateSerializer, Immutable, Alias("presence.on-silo")]
internal sealed class OnSiloPlacement : PlacementStrategy;

/// <inheritdoc cref="OnSiloAttribute"/>
internal sealed class OnSiloDirector : IPlacementDirector
{
    /// <exception cref="SiloUnavailableException">That life of the silo is over.</exception>
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var key = target.GrainIdentity.Key.ToString();
        var silo = Array.Find(context.GetCompatibleSilos(target), silo => Name(silo) == key);
        return silo is null
            ? throw new SiloUnavailableException($"There is no silo {key} any more.")
            : Task.FromResult(silo);
    }

    private static string Name(SiloAddress silo) => $"{silo.Endpoint}@{silo.Generation}";
}
