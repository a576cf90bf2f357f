using OpenTelemetry.Metrics;
using Orleans.Configuration;
using Orleans.Storage;
using Presence.Grains;
using Presence.Grains.Logs;
using Presence.Grains.Settings;
using Presence.Grains.Sinks;
using Presence.Grains.Tls;
using Presence.Silo.Redis;

namespace Presence.Silo.Cluster;

/// <summary>Makes a web application a silo of a Presence cluster.</summary>
public static class ClusterSilo
{
    private const string RedisStorage = "redis";

    /// <summary>The options classes that a silo reads.</summary>
    public static IReadOnlyList<Type> OptionTypes { get; } =
        [typeof(PresenceOptions), typeof(PrivacyOptions), typeof(ManagementOptions), typeof(PresenceClusterOptions), typeof(ClusterTlsOptions), typeof(PresenceSiloOptions)];

    /// <summary>Registers a silo with everything in Redis, and its probes and metrics.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="settings">Read with <see cref="OptionTypes"/> among the types.</param>
    public static WebApplicationBuilder AddPresenceClusterSilo(this WebApplicationBuilder builder, PresenceSettings settings)
    {
        var (cluster, options) = (settings.Get<PresenceClusterOptions>(), settings.Get<PresenceSiloOptions>());
        builder.Services.AddPresenceSettings(settings);
        builder.WebHost.UseUrls(settings.Get<ManagementOptions>().ManagementUrl);
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter("Presence.*", "Microsoft.Orleans", "System.Runtime")
            .AddPrometheusExporter());
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        BriefLogs.Use(builder.Services);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));

        var redis = new RedisConnections(cluster);
        builder.Services.AddSingleton(_ => redis);
        builder.Services.AddSingleton<ISessionList, RedisSessionList>();
        builder.Services.AddSingleton<IOnlineList, RedisOnlineList>();
        builder.Services.AddSingleton<ISinkTransport, ClusterTransport>();
        builder.Services.AddSingleton(new StoreOutage(IsBridged: true));
        builder.UseOrleans(silo =>
        {
            silo.AddPresenceSilo();
            silo.Services.AddPresenceSinkRegistry();
            silo.AddIncomingGrainCallFilter<CallerFilter>();
            silo.AddIncomingGrainCallFilter<ErrorFilter>();
            AddMembership(silo, cluster, options, redis);
            AddTls(silo, settings.Get<ClusterTlsOptions>());
            AddStorage(silo, redis);
            AddStreams(silo, cluster);
        });
        return builder;
    }

    private static void AddMembership(ISiloBuilder silo, PresenceClusterOptions cluster, PresenceSiloOptions options, RedisConnections redis)
    {
        silo.Configure<ClusterOptions>(names => (names.ServiceId, names.ClusterId) = (cluster.ServiceId, cluster.ClusterId));
        silo.Configure<SiloOptions>(names => names.SiloName = options.EffectiveName);
        silo.ConfigureEndpoints(options.EffectiveAddress, options.SiloPort, options.GatewayPort, listenOnAnyHostAddress: true);
        silo.Configure<EndpointOptions>(ports =>
        {
            ports.SiloListeningEndpoint!.Port = options.SiloListenPort > 0 ? options.SiloListenPort : options.SiloPort;
            ports.GatewayListeningEndpoint!.Port = options.GatewayListenPort > 0 ? options.GatewayListenPort : options.GatewayPort;
        });
        silo.UseRedisClustering(clustering =>
        {
            clustering.ConfigurationOptions = redis.Configuration;
            clustering.CreateMultiplexer = _ => redis.SharedClusterAsync();
        });
        silo.Services.AddHostedService<MembershipGuard>();
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            membership.ProbeTimeout = options.ProbeTimeout;
            membership.MaxProbeTimeout = options.ProbeTimeout;
            membership.NumMissedProbesLimit = options.MissedProbes;

            // A table that was restored, or left over by silos that all died, is believed again within seconds instead of minutes.
            membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);

            // A silo that has not signed the table three times in a row has no vote. Of three silos two may die at once, and the third must
            // not wait for the vote of the second.
            membership.IAmAliveTablePublishTimeout = options.ProbeTimeout;
        });

        // Users of a silo that died are placed anew at once: a second activation is told apart by versions and the store.
#pragma warning disable ORLEANSEXP003
        silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003
        silo.Configure<GrainDirectoryOptions>(directory => directory.RangeLeaseDuration = TimeSpan.Zero);
        silo.Configure<SiloMessagingOptions>(messaging =>
        {
            // Of a stranger whom many ask for, one activation after the other leaves: who signs in must get past them.
            messaging.MaxForwardCount = 10;
            messaging.ClientDropTimeout = TimeSpan.FromSeconds(30);
            messaging.ClientGatewayShutdownNotificationTimeout = TimeSpan.FromSeconds(2);
            messaging.MaxMessageBodySize = 4 * 1024 * 1024;
            messaging.MaxMessageHeaderSize = 64 * 1024;
        });
    }

    private static void AddTls(ISiloBuilder silo, ClusterTlsOptions options)
    {
        if (options.Identity is not { } identity)
        {
            return;
        }

        silo.Services.AddOptions<SiloConnectionOptions>().Configure<ILogger<TlsIdentity>>((connections, logger) =>
        {
            connections.ConfigureSiloOutboundConnection(connection => connection.UseTlsClient(identity, logger));
            connections.ConfigureSiloInboundConnection(connection => connection.UseTlsServer(identity, isMutual: true, logger));
            connections.ConfigureGatewayInboundConnection(connection => connection.UseTlsServer(identity, options.Mutual, logger));
        });
    }

    private static void AddStorage(ISiloBuilder silo, RedisConnections redis)
    {
        silo.Services.AddSingleton<OrleansGrainStorageSerializer>();
        foreach (var name in (string[])[RedisStorage, "PubSubStore"])
        {
            silo.AddRedisGrainStorage(name, storage => storage.Configure<OrleansGrainStorageSerializer>((options, serializer) =>
            {
                options.ConfigurationOptions = redis.Configuration;
                options.CreateMultiplexer = _ => redis.SharedStoreAsync();
                options.DeleteStateOnClear = true;
                options.GrainStorageSerializer = serializer;
            }));
        }

        silo.Services.AddKeyedSingleton<IGrainStorage>("presence", (services, _) => new GuardedStorage(
            services.GetRequiredKeyedService<IGrainStorage>(RedisStorage),
            new BriefLogger(services.GetRequiredService<ILogger<GuardedStorage>>(), services.GetRequiredService<TimeProvider>())));
        silo.UseRedisReminderService(reminders =>
        {
            reminders.ConfigurationOptions = redis.Configuration;
            reminders.CreateMultiplexer = _ => redis.SharedClusterAsync();
        });
    }

    private static void AddStreams(ISiloBuilder silo, PresenceClusterOptions cluster)
    {
        if (cluster.Transport != SinkTransport.Stream)
        {
            return;
        }

        silo.AddMemoryStreams(SinkStreams.Provider, streams =>
        {
            streams.ConfigurePartitioning(SinkStreams.Queues);
            streams.ConfigurePullingAgent(agents => agents.Configure(agent =>
            {
                // Timers round up to the kernel's clock: 4 ms in effect.
                agent.GetQueueMsgsTimerPeriod = TimeSpan.FromMilliseconds(3);
                agent.BatchContainerBatchSize = 32;
            }));
        });
    }
}
