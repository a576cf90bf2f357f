using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Storage;
using Presence.Grains.Rules.Users;
using Presence.Grains.Settings;

namespace Presence.Grains;

/// <summary>What all user grains of a silo share: one reference in each of a million grains instead of eight.</summary>
internal sealed class UserGrainShared(
    IOptions<PresenceOptions> options,
    [FromKeyedServices(UserStore.ProviderName)] IGrainStorage storage,
    ISessionList sessions,
    IOnlineList online,
    ISinkDirectory sinks,
    Outbox outbox,
    TimeProvider clock,
    PresenceMetrics metrics,
    ILogger<UserPresenceGrain> logger)
{
    public UserLimits Limits { get; } = new(
        options.Value.MaxConnectionsPerUser, options.Value.MaxStatusChangesPer10s, options.Value.LastSeenStep);

    public IGrainStorage Storage { get; } = storage;

    public ISessionList Sessions { get; } = sessions;

    public IOnlineList Online { get; } = online;

    public ISinkDirectory Sinks { get; } = sinks;

    public Outbox Outbox { get; } = outbox;

    public TimeProvider Clock { get; } = clock;

    public PresenceMetrics Metrics { get; } = metrics;

    public ILogger Logger { get; } = logger;
}
