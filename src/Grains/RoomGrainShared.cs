using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Storage;
using Presence.Grains.Rules.Rooms;
using Presence.Grains.Settings;

namespace Presence.Grains;

/// <summary>What all room grains of a silo share.</summary>
internal sealed class RoomGrainShared(
    IOptions<PresenceOptions> options,
    [FromKeyedServices(UserStore.ProviderName)] IGrainStorage storage,
    Outbox outbox,
    TimeProvider clock,
    PresenceMetrics metrics,
    ILogger<RoomGrain> logger)
{
    public RoomLimits Limits { get; } = new(
        options.Value.RoomRosterLimit, options.Value.UpdateWindow, options.Value.TypingExpiry);

    /// <summary>How long a gateway that lives may take to attach again after the loss of a room.</summary>
    public TimeSpan ReattachTime { get; } = options.Value.LeaseDuration + options.Value.GracePeriod;

    public IGrainStorage Storage { get; } = storage;

    public Outbox Outbox { get; } = outbox;

    public TimeProvider Clock { get; } = clock;

    public PresenceMetrics Metrics { get; } = metrics;

    public ILogger Logger { get; } = logger;
}
