using Orleans.Configuration;
using Presence.Grains;

namespace Orleans.Hosting;

/// <summary>Makes an Orleans silo a silo of Presence.</summary>
public static class PresenceSiloBuilderExtensions
{
    /// <summary>
    /// Adds the grains of Presence and the settings that hold for every silo of it. Clustering, storage, reminders and the transport to
    /// the sinks are the program's choice.
    /// </summary>
    public static ISiloBuilder AddPresenceSilo(this ISiloBuilder silo)
    {
        silo.Services.AddPresenceGrains();
        silo.Configure<GrainCollectionOptions>(options => options.CollectionAge = TimeSpan.FromMinutes(5));

        // One grain with so many calls waiting is lost anyway: refuse more, so that its callers learn of it while they still wait.
        silo.Configure<SiloMessagingOptions>(options =>
        {
            options.MaxEnqueuedRequestsHardLimit = 5_000;

            // A client hears `unavailable` after this long; it is safe to repeat every call.
            options.ResponseTimeout = TimeSpan.FromSeconds(3);
        });

        // First among the rules, so that one of the configuration for the same category wins.
        // Polly, inside Orleans, tells of every placement: a line for each user who signs in.
        silo.Services.PostConfigure<LoggerFilterOptions>(options =>
        {
            options.Rules.Insert(0, new(null, "Orleans", LogLevel.Warning, null));
            options.Rules.Insert(0, new(null, "Polly", LogLevel.Warning, null));
        });
        return silo;
    }
}
