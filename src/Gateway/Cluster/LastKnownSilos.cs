using Orleans.Messaging;
using Presence.Gateway.Http;

namespace Presence.Gateway.Cluster;

/// <summary>The silos as Redis lists them, and the last that it listed while it lists none: an emptied Redis must not cut the gateway off.</summary>
internal sealed class LastKnownSilos(IGatewayListProvider listed, MembershipReads reads, TimeProvider clock) : IGatewayListProvider
{
    private IList<Uri> _last = [];

    public TimeSpan MaxStaleness => listed.MaxStaleness;

    [Obsolete("No longer used.")]
    public bool IsUpdatable => true;

    public Task InitializeGatewayListProvider() => listed.InitializeGatewayListProvider();

    public async Task<IList<Uri>> GetGateways()
    {
        var began = clock.GetTimestamp();
        try
        {
            var now = await listed.GetGateways();
            reads.Last = clock.GetElapsedTime(began);
            return now.Count > 0 ? _last = now : _last;
        }
        catch
        {
            reads.Last = null;
            throw;
        }
    }
}
