using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Presence.Grains;
using Presence.Grains.Client;
using Presence.Grains.Settings;
using Presence.Grains.Sinks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registration of <see cref="IPresence"/>.</summary>
public static class PresenceClientRegistration
{
    /// <summary>
    /// Adds <see cref="IPresence"/>. The application must have an <see cref="IGrainFactory"/>: that of an Orleans client of the Presence
    /// cluster, or of a silo in it.
    /// </summary>
    /// <remarks>Changes come by direct calls from the silos, whatever transport the gateways use. Nothing runs before the first watch.</remarks>
    public static IServiceCollection AddPresenceClient(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<PresenceOptions>();
        services.TryAddSingleton<SinkIdentity>();
        services.TryAddSingleton<ISinkSubscription, ObserverSubscription>();
        services.TryAddSingleton<WatchedUsers>();
        services.TryAddSingleton<ISinkListener>(provider => provider.GetRequiredService<WatchedUsers>());
        services.TryAddSingleton<SinkFeed>();
        services.TryAddSingleton<OwnPause>();
        services.TryAddSingleton<SinkSession>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<WatchedUsers>());
        services.TryAddSingleton<IPresence, PresenceClient>();
        return services;
    }
}
