using Microsoft.Extensions.DependencyInjection;

namespace Presence.Grains;

/// <summary>Registers what the grains need.</summary>
public static class GrainsServices
{
    /// <summary>Adds the services of the grains.</summary>
    public static IServiceCollection AddPresenceGrains(this IServiceCollection services) => services;
}
