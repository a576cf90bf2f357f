using System.Collections.Immutable;

namespace Presence.Grains;

/// <summary>The sinks that this silo knows. The gateway grains of this silo feed it, and <see cref="ISinkRegistryGrain"/> those of other silos.</summary>
public interface ISinkDirectory
{
    /// <summary>Completes when every sink is known that lived when this silo started.</summary>
    Task Loaded { get; }

    /// <summary>Every sink that lives; the same array until that changes.</summary>
    ImmutableArray<string> Live { get; }

    /// <summary>The sink lives. Repeating it changes nothing but the observer, and a sink that has ended stays ended.</summary>
    /// <param name="sink">A life of a gateway or of another service.</param>
    /// <param name="observer">Where it takes batches by a direct call; null: by its stream.</param>
    void Begin(string sink, IPresenceSinkObserver? observer);

    /// <summary>The sink is over for good.</summary>
    void End(string sink);

    /// <summary>Whether the sink is one of the latest 1,024 that ended.</summary>
    bool HasEnded(string sink);

    /// <summary>Where the sink takes batches by a direct call; null for one that does not, or that is not known.</summary>
    IPresenceSinkObserver? ObserverOf(string sink);
}
