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
    IOptions<PrivacyOptions> privacy,
    [FromKeyedServices(UserStore.ProviderName)] IGrainStorage storage,
    ISessionList sessions,
    IOnlineList online,
    ISinkDirectory sinks,
    Outbox outbox,
    StoreGate gate,
    TimeProvider clock,
    PresenceMetrics metrics,
    ILogger<UserPresenceGrain> logger)
{
    public UserLimits Limits { get; } = new(
        options.Value.MaxConnectionsPerUser,
        options.Value.MaxStatusChangesPer10s,
        options.Value.LastSeenStep,
        options.Value.Claims);

    /// <summary>What holds for users who chose nothing.</summary>
    public PrivacySettings PrivacyDefaults { get; } =
        new(privacy.Value.ShowOnlineStatus, privacy.Value.ShowLastSeen, privacy.Value.ShowActivity);

    public PrivacyOptions Privacy { get; } = privacy.Value;

    public IGrainStorage Storage { get; } = storage;

    public ISessionList Sessions { get; } = sessions;

    public IOnlineList Online { get; } = online;

    public ISinkDirectory Sinks { get; } = sinks;

    public Outbox Outbox { get; } = outbox;

    public StoreGate Gate { get; } = gate;

    /// <summary>The silo that all of them are on.</summary>
    public SiloLife Silo { get; } = outbox.Silo;

    /// <summary>Within this time every gateway that lives has asserted its connections again.</summary>
    public TimeSpan DoubtPeriod { get; } = options.Value.LeaseDuration + options.Value.GracePeriod;

    public TimeSpan GracePeriod { get; } = options.Value.GracePeriod;

    public TimeProvider Clock { get; } = clock;

    public PresenceMetrics Metrics { get; } = metrics;

    public ILogger Logger { get; } = logger;
}
