using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenTelemetry.Metrics;
using Orleans.GrainReferences;
using Presence.Gateway.Authentication;
using Presence.Gateway.Connections;
using Presence.Gateway.Delivery;
using Presence.Gateway.Http;
using Presence.Gateway.Http.Api;
using Presence.Gateway.Lobbies;
using Presence.Gateway.Rooms;
using Presence.Gateway.Sessions;
using Presence.Gateway.Transport;
using Presence.Grains.Settings;
using Presence.Grains.Sinks;

namespace Presence.Gateway;

/// <summary>Puts a gateway into a web application.</summary>
public static class GatewayHosting
{
    /// <summary>Memory for so many sets of tags is taken at the start, for each instrument; ours are closed sets.</summary>
    private const int MaxTagSets = 64;

    /// <summary>The options classes that a gateway reads.</summary>
    public static IReadOnlyList<Type> OptionTypes { get; } =
        [typeof(PresenceOptions), typeof(PrivacyOptions), typeof(ManagementOptions), typeof(GatewayOptions), typeof(AuthOptions)];

    /// <summary>
    /// Registers a gateway. The application must have an <see cref="IGrainFactory"/>, that of an Orleans client or of a silo in the same
    /// process, registered before, and a way for batches to come. On Linux all TCP end points of the application get the gateway's
    /// own sockets (docs/decisions/0014-polled-sockets.md).
    /// </summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="settings">Read with <see cref="OptionTypes"/> among the types.</param>
    public static WebApplicationBuilder AddPresenceGateway(this WebApplicationBuilder builder, PresenceSettings settings)
    {
        ConfigureServer(builder, settings.Get<ManagementOptions>());
        builder.Services.AddPresenceSettings(settings);
        builder.Services.AddPresenceAuthentication();
        AddGateway(builder.Services, settings);
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter("Presence.*", "System.Runtime")
            .AddView(_ => new MetricStreamConfiguration { CardinalityLimit = MaxTagSets })
            .AddPrometheusExporter());

        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);

        // An activity and a scope for each request would live as long as the socket and tell nothing about its messages.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(22));
        return builder;
    }

    /// <summary>Maps sockets at <c>/ws</c> and <c>/</c>, the page at <c>/</c>, and probes and metrics at the management port.</summary>
    public static WebApplication MapPresenceGateway(this WebApplication app)
    {
        app.UseManagement(app.Services.GetRequiredService<ManagementOptions>().ManagementUrl);
        app.UsePresenceApi();
        var endpoint = app.Services.GetRequiredService<UpgradeEndpoint>();
        var page = app.Services.GetRequiredService<Page>();
        app.Run(context => context.Request.Path.Value switch
        {
            "/ws" => endpoint.HandleAsync(context),
            "/" when Handshake.IsAsked(context.Request) => endpoint.HandleAsync(context),
            _ => page.HandleAsync(context),
        });
        return app;
    }

    private static void AddGateway(IServiceCollection services, PresenceSettings settings)
    {
        services.AddSingleton(settings.Get<PresenceOptions>());
        services.AddSingleton(settings.Get<ManagementOptions>());
        services.AddSingleton(settings.Get<PrivacyOptions>());
        services.AddSingleton(settings.Get<GatewayOptions>());
        services.AddSingleton(settings.Get<AuthOptions>());
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<SinkIdentity>();
        services.AddSingleton(provider => Owners.From(
            provider.GetRequiredService<IGrainFactory>(), provider.GetRequiredService<GrainReferenceActivator>()));
        services.AddSingleton<GatewayState>();
        services.AddSingleton<GatewayMetrics>();
        services.AddSingleton<ConnectionRegistry>();
        services.AddSingleton<Flushers>();
        services.AddSingleton<TimingWheel>();
        services.AddSingleton<RecentChanges>();
        services.AddSingleton<Users>();
        services.AddSingleton<Freshness>();
        services.AddSingleton<Recovery>();
        services.AddSingleton<ISinkListener>(provider => provider.GetRequiredService<Recovery>());
        services.AddSingleton<SinkFeed>();
        services.TryAddSingleton<OwnPause>();
        services.AddSingleton<RoomMembers>();
        services.AddSingleton<RoomReplicas>();
        services.AddSingleton<RoomMessages>();
        services.AddSingleton<LobbyReplica>();
        services.AddSingleton<LobbyMessages>();
        services.AddSingleton<PresenceLists>();
        services.AddSingleton<Departures>();
        services.AddSingleton<SignIn>();
        services.AddSingleton<StatusMessages>();
        services.AddSingleton<PresenceMessages>();
        services.AddSingleton<SelfOwners>();
        services.AddSingleton<SelfMessages>();
        services.AddSingleton<PrivacyMessages>();
        services.AddSingleton<MessageHandler>();
        services.AddSingleton<ConnectionSetup>();
        services.AddSingleton<FailedAttempts>();
        services.AddSingleton<Handshake>();
        services.AddSingleton<UpgradeEndpoint>();
        services.AddSingleton<Page>();
        services.AddPresenceApi();
        services.AddHostedService<SinkSession>();
        services.AddHostedService<WarmUp>();
        services.AddHostedService<Drain>();
    }

    private static void ConfigureServer(WebApplicationBuilder builder, ManagementOptions options)
    {
        if (options.ManagementUrl.Length > 0)
        {
            builder.WebHost.UseUrls($"{builder.Configuration["urls"]};{options.ManagementUrl}");
        }

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ConfigureEndpointDefaults(endpoint =>
            {
                endpoint.Protocols = HttpProtocols.Http1;
                endpoint.Use(Hijack.Before);
            });
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(8);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(8);
            kestrel.Limits.MaxRequestBodySize = 1 << 20;
        });
        builder.Services.AddSingleton<IConnectionListenerFactory, PolledTransport>();
    }
}
