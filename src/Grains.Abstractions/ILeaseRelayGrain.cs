using Orleans.Concurrency;

namespace Presence.Grains;

/// <summary>
/// Another way to a lease: a call of an Orleans client enters by one silo, which its key decides, and that one may not reach the silo of the
/// lease though the caller reaches both.
/// </summary>
/// <remarks>Key: any number. The grain is on the silo by which the call enters, and other keys enter by other silos.</remarks>
[Alias("presence.lease-relay")]
public interface ILeaseRelayGrain : IGrainWithIntegerKey
{
    /// <summary>Passes on a beat of this life; see <see cref="IGatewayGrain.BeatAsync"/>.</summary>
    [AlwaysInterleave, Alias("Beat")]
    ValueTask<BeatResult> BeatAsync(string life, BeatRequest request);
}
