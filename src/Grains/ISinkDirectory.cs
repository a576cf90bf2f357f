using System.Collections.Immutable;

namespace Presence.Grains;

/// <summary>The sinks that this silo knows. The gateway grains of this silo feed it; the host may tell it of those of other silos.</summary>
public interface ISinkDirectory
{
    /// <summary>Every sink that lives; the same array until that changes.</summary>
    ImmutableArray<string> Live { get; }

    /// <summary>The sink lives. Repeating it changes nothing, and a sink that has ended stays ended.</summary>
    void Begin(string sink);

    /// <summary>The sink is over for good.</summary>
    void End(string sink);

    /// <summary>Whether the sink is one of the latest 1,024 that ended.</summary>
    bool HasEnded(string sink);
}
