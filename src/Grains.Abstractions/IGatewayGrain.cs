using Orleans.Concurrency;

namespace Presence.Grains;

/// <summary>
/// One life of a sink, a gateway or another service, from its start to its end: holds the lease, and when it lapses takes the connections
/// of that life through the grace period to offline.
/// </summary>
/// <remarks>
/// Key: the life, a text that is never used twice. The lease is 15 s and is renewed every 5 s by default; a reminder checks it also
/// after the loss of the silo that holds this grain. Nothing here is per user: the users come from the session list.
/// </remarks>
[Alias("presence.gateway")]
public interface IGatewayGrain : IGrainWithStringKey
{
    /// <summary>Starts or renews the lease; the time is stored as the proof of life of all the gateway's connections.</summary>
    /// <exception cref="PresenceUnavailableException">The storage did not answer: repeat it.</exception>
    [Alias("Beat")]
    ValueTask<BeatResult> BeatAsync(BeatRequest request);

    /// <summary>This life is over. Its users have the grace period, from now, to come back. Repeating it changes nothing.</summary>
    [Alias("End")]
    ValueTask EndAsync();

    /// <summary>Looks whether the lease has lapsed, should the grain have left memory with its silo. Changes nothing before it has.</summary>
    [OneWay, Alias("Check")]
    ValueTask CheckAsync();

    /// <summary>When the connections of this life are, or were, lost: the end of their grace. Null while it lives.</summary>
    [ReadOnly, AlwaysInterleave, Alias("LostAt")]
    ValueTask<DateTimeOffset?> LostAtAsync();
}

/// <summary>A sign of life.</summary>
/// <param name="IsFirst">No beat of this life has been granted yet. Any other needs a lease that exists.</param>
/// <param name="Observer">Where batches go by a direct call; null: by the stream of this life.</param>
[GenerateSerializer, Immutable, Alias("presence.beat-request")]
public sealed record BeatRequest([property: Id(0)] bool IsFirst, [property: Id(1)] IPresenceSinkObserver? Observer);

/// <summary>The answer to a beat.</summary>
/// <param name="IsAlive">False when this life is over or was forgotten: begin a new one, and connect the devices again.</param>
/// <param name="Silos">Every silo that is a member of the cluster now; each of them sends batches.</param>
[GenerateSerializer, Immutable, Alias("presence.beat-result")]
public sealed record BeatResult([property: Id(0)] bool IsAlive, [property: Id(1)] SiloLife[] Silos);

/// <summary>One life of a silo: a silo that was restarted has another epoch.</summary>
/// <param name="Address">Address and port.</param>
/// <param name="Epoch">Rises with every restart.</param>
[GenerateSerializer, Immutable, Alias("presence.silo-life")]
public sealed record SiloLife([property: Id(0)] string Address, [property: Id(1)] long Epoch);
