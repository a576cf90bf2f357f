using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Presence.Grains.Sinks;

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
        services.TryAddSingleton(new StoreOutage(IsBridged: false));
        services.TryAddSingleton<StoreGate>();
        services.TryAddSingleton<OwnPause>();
        services.TryAddSingleton<SinkDirectory>();
        services.TryAddSingleton<ISinkDirectory>(provider => provider.GetRequiredService<SinkDirectory>());
        services.AddPlacementDirector<OnSiloPlacement, OnSiloDirector>();
        services.TryAddSingleton(Crash.OfThisProcess);
        services.TryAddSingleton<PresenceMetrics>();
        services.TryAddSingleton<Outbox>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<Outbox>());
        services.TryAddSingleton<UserGrainShared>();
        services.TryAddSingleton<RoomGrainShared>();
        services.TryAddSingleton<ConnectionLoss>();
        return services;
    }

    /// <summary>Adds what a silo needs that is not the only one: it hears of the sinks of the others.</summary>
    public static IServiceCollection AddPresenceSinkRegistry(this IServiceCollection services)
    {
        services.AddSingleton<SinkRegistryFeed>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<SinkRegistryFeed>());
        return services;
    }
}
