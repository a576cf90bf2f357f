using Orleans.Concurrency;

namespace Presence.Grains;

/// <summary>
/// One life of a gateway, from its start to its end: holds the lease, and when it lapses takes the connections of that life
/// through the grace period to offline.
/// </summary>
/// <remarks>
/// Key: the life, a text that is never used twice. The lease is 15 s and is renewed every 5 s by default; a reminder checks it also
/// after the loss of the silo that holds this grain. Nothing here is per user: the users come from the session list.
/// </remarks>
[Alias("presence.gateway")]
public interface IGatewayGrain : IGrainWithStringKey
{
    /// <summary>Starts or renews the lease; the time is stored as the proof of life of all the gateway's connections.</summary>
    /// <returns>False when this life is over: the gateway must begin a new one and connect its devices again.</returns>
    [Alias("Beat")]
    ValueTask<bool> BeatAsync();

    /// <summary>This life is over. Its users have the grace period, from now, to come back. Repeating it changes nothing.</summary>
    [Alias("End")]
    ValueTask EndAsync();

    /// <summary>When the connections of this life are, or were, lost: the end of their grace. Null while it lives.</summary>
    [ReadOnly, AlwaysInterleave, Alias("LostAt")]
    ValueTask<DateTimeOffset?> LostAtAsync();
}
