using Orleans.Concurrency;

namespace Presence.Grains;

/// <inheritdoc cref="ILeaseRelayGrain"/>
[GrainType("presence-lease-relay"), StatelessWorker]
internal sealed class LeaseRelayGrain : Grain, ILeaseRelayGrain
{
    public ValueTask<BeatResult> BeatAsync(string life, BeatRequest request) => GrainFactory.GetGrain<IGatewayGrain>(life).BeatAsync(request);
}
