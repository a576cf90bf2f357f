using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Presence.Grains;

/// <summary>Registration of what the presence grains need.</summary>
public static class GrainsServiceCollectionExtensions
{
    /// <summary>Adds what the presence grains of a silo share.</summary>
    /// <remarks>
    /// The host adds <see cref="ISessionList"/>, <see cref="IOnlineList"/>, <see cref="ISinkTransport"/>, the grain storage <c>presence</c>, reminders, and the
    /// options <see cref="Settings.PresenceOptions"/>. A <see cref="TimeProvider"/> that is registered already is used.
    /// </remarks>
    public static IServiceCollection AddPresenceGrains(this IServiceCollection services)
    {
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ISinkDirectory, SinkDirectory>();
        services.TryAddSingleton<PresenceMetrics>();
        services.TryAddSingleton<Outbox>();
        services.TryAddSingleton<UserGrainShared>();
        services.TryAddSingleton<RoomGrainShared>();
        services.TryAddSingleton<ConnectionLoss>();
        return services;
    }
}
