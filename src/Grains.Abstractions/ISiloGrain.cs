using Orleans.Concurrency;

namespace Presence.Grains;

/// <summary>One silo itself: crashes it, for who wants to see that nobody is shown offline then.</summary>
/// <remarks>
/// Key: the silo's life as <c>address:port@epoch</c>. The grain is on that silo and nowhere else; no call reaches it after the silo's end. A
/// silo whose own environment is not Development refuses, whoever asks.
/// </remarks>
[Alias("presence.silo")]
public interface ISiloGrain : IGrainWithStringKey
{
    /// <summary>Whether this silo does what <see cref="CrashAsync"/> asks. Ask before: that has no answer.</summary>
    [Alias("MayCrash")]
    ValueTask<bool> MayCrashAsync();

    /// <summary>Ends the silo's process at once, as by SIGKILL: it stores nothing and says nothing to anybody.</summary>
    /// <exception cref="UnauthorizedAccessException">Its environment is not Development; only the silo's log says so.</exception>
    [OneWay, Alias("Crash")]
    ValueTask CrashAsync();
}
