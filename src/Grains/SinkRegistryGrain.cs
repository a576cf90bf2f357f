using Microsoft.Extensions.Options;
using Orleans.Placement;
using Presence.Grains.Rules.Gateways;
using Presence.Grains.Settings;

namespace Presence.Grains;

/// <summary>Keeps the list of sinks. A lease that is not heard of any more is woken: it may have left memory with its silo.</summary>
[GrainType("presence-sink-registry"), RandomPlacement]
internal sealed class SinkRegistryGrain(
    [PersistentState("sinks", "presence")] IPersistentState<SinkRegistryState> store, IOptions<PresenceOptions> options, TimeProvider clock)
    : Grain, ISinkRegistryGrain
{
    private readonly Dictionary<string, long> _heard = [];
    private long _version;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // Another activation must not count the same numbers.
        _version = clock.GetUtcNow().UtcTicks;
        this.RegisterGrainTimer(
            static (grain, _) => grain.WakeSilentAsync(),
            this,
            new GrainTimerCreationOptions(TimeSpan.Zero, options.Value.LeaseRenewal) { KeepAlive = true });
        return Task.CompletedTask;
    }

    public ValueTask BeginAsync(SinkEntry sink)
    {
        _heard[sink.Sink] = clock.GetTimestamp();
        return SaveAsync(store.State.Begin(sink));
    }

    public ValueTask EndAsync(string sink)
    {
        _heard.Remove(sink);
        return SaveAsync(store.State.End(sink));
    }

    public ValueTask<SinkList?> ReadAsync(long known) =>
        new(known == _version ? null : new SinkList(_version, store.State.Live, store.State.Ended));

    private async ValueTask SaveAsync(SinkRegistryState next)
    {
        if (ReferenceEquals(next, store.State))
        {
            return;
        }

        // Before the write: what is listed too early costs some batches that nobody hears, what is listed too late is missed.
        store.State = next;
        _version++;
        try
        {
            await store.WriteStateAsync();
        }
        catch
        {
            // Written or not: only the storage knows. Gateways register again with their next beat.
            DeactivateOnIdle();
            throw;
        }
    }

    private async Task WakeSilentAsync()
    {
        foreach (var entry in store.State.Live)
        {
            if (!_heard.TryGetValue(entry.Sink, out var heard) || clock.GetElapsedTime(heard) > options.Value.LeaseDuration)
            {
                _heard[entry.Sink] = clock.GetTimestamp();
                await GrainFactory.GetGrain<IGatewayGrain>(entry.Sink).CheckAsync();
            }
        }
    }
}
