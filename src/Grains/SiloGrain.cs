using System.Diagnostics;
using Microsoft.Extensions.Hosting;

namespace Presence.Grains;

/// <inheritdoc cref="ISiloGrain"/>
[GrainType("presence-silo"), OnSilo]
internal sealed class SiloGrain(IHostEnvironment environment, Crash crash) : Grain, ISiloGrain
{
    public ValueTask<bool> MayCrashAsync() => new(environment.IsDevelopment());

    public ValueTask CrashAsync()
    {
        if (!environment.IsDevelopment())
        {
            throw new UnauthorizedAccessException("A silo crashes itself in the environment Development only.");
        }

        crash.Now();
        return default;
    }
}

/// <summary>How a silo crashes; in tests it must not.</summary>
/// <param name="Now">Does not return.</param>
internal sealed record Crash(Action Now)
{
    /// <summary>The end of this process, without a word.</summary>
    public static Crash OfThisProcess { get; } = new(() => Process.GetCurrentProcess().Kill());
}
