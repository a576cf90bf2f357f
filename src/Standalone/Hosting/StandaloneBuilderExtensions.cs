using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;
using Orleans.Storage;
using Presence.Grains;
using Presence.Grains.Sinks;
using Presence.Standalone.Storage;

namespace Presence.Standalone.Hosting;

/// <summary>What makes the one process of the standalone program: a silo, its storage, and the way to the gateway beside it.</summary>
internal static class StandaloneBuilderExtensions
{
    private const string DefaultUrl = "http://localhost:8080";
    private const string StorageName = "presence";

    public static WebApplicationBuilder AddPresenceStandalone(this WebApplicationBuilder builder, StandaloneOptions options)
    {
        builder.UseDefaultUrl();

        builder.Services.PostConfigure<LoggerFilterOptions>(Quieten);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddPresenceStorage(options);
        builder.Services.AddSingleton<EarlierLives>();
        builder.Services.AddSingleton<InProcessTransport>();
        builder.Services.AddSingleton<ISinkTransport>(services => services.GetRequiredService<InProcessTransport>());
        builder.Services.AddSingleton<ISinkSubscription>(services => services.GetRequiredService<InProcessTransport>());

        builder.UseOrleans(silo =>
        {
            silo.UseOnlySilo().AddPresenceSilo();

            // Every grain is here: there is nothing to remember about where the others are, and no million places to do it in.
            silo.Configure<GrainDirectoryOptions>(directory => directory.CachingStrategy = GrainDirectoryOptions.CachingStrategyType.None);
            if (options.DataFile.Length == 0)
            {
                silo.UseInMemoryReminderService();
            }
        });
        builder.Services.AddHostedService(services => services.GetRequiredService<EarlierLives>());
        return builder;
    }

    private static void Quieten(LoggerFilterOptions log)
    {
        // First among the rules, so that one of the configuration for the same category wins.
        log.Rules.Insert(0, new(null, "Microsoft.AspNetCore", LogLevel.Warning, null));

        // At every start the silo asks for the server's garbage collector, which is wrong for one small process, and the watchdog
        // takes the time since the machine started for the time since its last check.
        log.Rules.Insert(0, new(null, "Orleans.Runtime.Silo", LogLevel.Error, null));
        log.Rules.Insert(0, new(null, "Orleans.Runtime.Watchdog", LogLevel.Error, null));
    }

    private static void UseDefaultUrl(this WebApplicationBuilder builder)
    {
        string[] settings = ["urls", "http_ports", "https_ports"];
        if (settings.All(name => string.IsNullOrEmpty(builder.Configuration[name]))
            && !builder.Configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }
    }

    private static void AddPresenceStorage(this IServiceCollection services, StandaloneOptions options)
    {
        if (options.DataFile.Length == 0)
        {
            services.AddSingleton<IStateRows, VolatileRows>();
            services.AddSessions<VolatileSessionList>();
            services.AddSingleton<IOnlineList, VolatileOnlineList>();
        }
        else
        {
            services.AddSingleton(provider => DataFile.Open(options.DataFile, provider.GetRequiredService<ILogger<DataFile>>()));
            services.AddSingleton<IStateRows, SqliteRows>();
            services.AddSessions<SqliteSessionList>();
            services.AddSingleton<IOnlineList, SqliteOnlineList>();
            services.AddReminders();
            services.AddSingleton<IReminderTable, SqliteReminderTable>();
        }

        services.AddSingleton<IGrainStorage, GrainStorage>();
        services.AddKeyedSingleton(StorageName, (provider, _) => provider.GetRequiredService<IGrainStorage>());
    }

    private static void AddSessions<T>(this IServiceCollection services)
        where T : class, ISessionList, IStoredLives
    {
        services.AddSingleton<T>();
        services.AddSingleton<ISessionList>(provider => provider.GetRequiredService<T>());
        services.AddSingleton<IStoredLives>(provider => provider.GetRequiredService<T>());
    }

    private static ISiloBuilder UseOnlySilo(this ISiloBuilder silo)
    {
        // The ports are names only: nothing listens, so any number of these programs may run beside each other.
        silo.UseLocalhostClustering(siloPort: 11111, gatewayPort: 0);
        for (var i = 0; i < silo.Services.Count; i++)
        {
            var service = silo.Services[i];
            if (service.ServiceType == typeof(IConnectionListenerFactory) && service.IsKeyedService)
            {
                silo.Services[i] = ServiceDescriptor.KeyedSingleton<IConnectionListenerFactory, NoListener>(service.ServiceKey);
            }
        }

        return silo;
    }
}
