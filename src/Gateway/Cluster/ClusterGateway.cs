using Orleans.Configuration;
using Orleans.Messaging;
using Presence.Gateway.Http;
using Presence.Grains.Logs;
using Presence.Grains.Settings;
using Presence.Grains.Sinks;
using Presence.Grains.Tls;
using StackExchange.Redis;

namespace Presence.Gateway.Cluster;

/// <summary>Makes a web application a client of a Presence cluster.</summary>
public static class ClusterGateway
{
    /// <summary>The options classes that a client of a cluster reads.</summary>
    public static IReadOnlyList<Type> OptionTypes { get; } = [typeof(PresenceClusterOptions), typeof(ClusterTlsOptions)];

    /// <summary>Registers the way to the silos and theirs back. Call it before the gateway itself is added.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="settings">Read with <see cref="OptionTypes"/> among the types.</param>
    public static WebApplicationBuilder AddPresenceClusterClient(this WebApplicationBuilder builder, PresenceSettings settings)
    {
        var options = settings.Get<PresenceClusterOptions>();
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(names => (names.ServiceId, names.ClusterId) = (options.ServiceId, options.ClusterId));
            client.UseRedisClustering(clustering => clustering.ConfigurationOptions = Redis(options.Redis));
            client.Configure<Orleans.Configuration.GatewayOptions>(silos => silos.GatewayListRefreshPeriod = TimeSpan.FromSeconds(2));

            // A client of ours hears `unavailable` within 3 s: Orleans looks for overdue calls once a second. It is safe to repeat every call.
            client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = TimeSpan.FromSeconds(2));
            client.UseConnectionRetryFilter<RetryForEver>();
            if (options.Transport == SinkTransport.Stream)
            {
                client.AddMemoryStreams(SinkStreams.Provider, streams => streams.ConfigurePartitioning(SinkStreams.Queues));
                client.Services.AddSingleton<ISinkSubscription, StreamSubscription>();
            }
            else
            {
                client.Services.AddSingleton<ISinkSubscription, ObserverSubscription>();
            }

            AddTls(client, settings.Get<ClusterTlsOptions>());
            KeepLastKnownSilos(client.Services);
        });

        BriefLogs.Use(builder.Services);

        // A silo that died rejects every call with its stack.
        builder.Services.PostConfigure<LoggerFilterOptions>(log =>
        {
            log.Rules.Insert(0, new(null, "Orleans", LogLevel.Warning, null));
            log.Rules.Insert(0, new(null, "Orleans.Messaging", LogLevel.Error, null));
        });
        return builder;
    }

    private static void AddTls(IClientBuilder client, ClusterTlsOptions options)
    {
        if (options.Identity is { } identity)
        {
            client.Services.AddOptions<ClientConnectionOptions>().Configure<ILogger<TlsIdentity>>((connections, logger) =>
                connections.ConfigureConnection(connection => connection.UseTlsClient(identity, logger)));
        }
    }

    private static ConfigurationOptions Redis(string text)
    {
        var redis = ConfigurationOptions.Parse(text);
        redis.AbortOnConnectFail = false;
        redis.AsyncTimeout = redis.SyncTimeout = redis.ConnectTimeout = 1_000;
        redis.BacklogPolicy = BacklogPolicy.FailFast;
        return redis;
    }

    private static void KeepLastKnownSilos(IServiceCollection services)
    {
        var redis = services.Last(service => service.ServiceType == typeof(IGatewayListProvider));
        services.Remove(redis);
        services.AddSingleton<IGatewayListProvider>(provider => new LastKnownSilos(
            (IGatewayListProvider)ActivatorUtilities.CreateInstance(provider, redis.ImplementationType!),
            provider.GetRequiredService<MembershipReads>(),
            TimeProvider.System));
        services.AddSingleton<MembershipReads>();
    }

    /// <summary>Silos may start after their gateways, and much later.</summary>
    private sealed class RetryForEver(ILogger<RetryForEver> logger) : IClientConnectionRetryFilter
    {
        private static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);

        public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
        {
            ClusterGatewayLog.NoSilo(logger, exception.Message);
            await Task.Delay(Delay, cancellationToken);
            return !cancellationToken.IsCancellationRequested;
        }
    }
}

internal static partial class ClusterGatewayLog
{
    [LoggerMessage(2400, LogLevel.Warning, "No silo can be reached yet; trying again: {Reason}")]
    public static partial void NoSilo(ILogger logger, string reason);
}
