namespace Presence.Grains;

/// <summary>Who is told of changes: one life of a gateway, or another service.</summary>
public interface IPresenceSink
{
    /// <summary>
    /// Takes one batch. Batches of one silo come in order as a rule; anything may be lost, doubled or late when a process or a connection is:
    /// a gap in <see cref="SinkBatch.Sequence"/> tells, and versions decide what is new.
    /// </summary>
    ValueTask DeliverAsync(SinkBatch batch);
}

/// <summary>A sink as silos call it directly, the fast lane beside the stream.</summary>
[Alias("presence.sink-observer")]
public interface IPresenceSinkObserver : IGrainObserver
{
    /// <summary>Takes one batch; completing is the sink's credit for the next one. Waits 3 s at most.</summary>
    [Alias("Deliver"), ResponseTimeout("00:00:03")]
    Task DeliverAsync(SinkBatch batch);
}

/// <summary>What one silo tells one sink at once.</summary>
/// <param name="Silo">The silo, and the life of it that counts this sequence.</param>
/// <param name="Sequence">Consecutive for each life of a silo and sink, from 1.</param>
/// <param name="Events">At most 1,000, in the order in which they happened to each user.</param>
/// <param name="IsLast">The silo is about to stop: its users move to others, and it sends nothing more.</param>
[GenerateSerializer, Immutable, Alias("presence.sink-batch")]
public sealed record SinkBatch(
    [property: Id(0)] SiloLife Silo, [property: Id(1)] long Sequence, [property: Id(2)] SinkEvent[] Events, [property: Id(3)] bool IsLast = false);

/// <summary>One thing that a sink hears.</summary>
[GenerateSerializer, Immutable, Alias("presence.sink-event")]
public abstract record SinkEvent
{
    /// <summary>About how many bytes it takes between processes; a batch is cut before a stream would refuse it.</summary>
    public virtual int EstimatedBytes => 200;
}

/// <summary>A user's visible state changed.</summary>
/// <param name="UserId">The user.</param>
/// <param name="Public">What others see now; null when they see no change.</param>
/// <param name="Own">What the user's own connections see now; null for a sink that holds none of them, and when they see no change.</param>
/// <param name="Views">What each class of viewer sees now; null for a user who is shown to all alike.</param>
[GenerateSerializer, Immutable, Alias("presence.presence-changed")]
public sealed record PresenceChanged(
    [property: Id(0)] string UserId, [property: Id(1)] UserPresence? Public, [property: Id(2)] OwnPresence? Own,
    [property: Id(10)] ClassViews? Views = null) : SinkEvent
{
    /// <inheritdoc/>
    public override int EstimatedBytes => 100 + (9 * UserId.Length) + (Own is null ? 0 : 500 * (1 + Own.Devices.Length));
}

/// <summary>A newer connection of the same device took this one's place: close it.</summary>
/// <param name="ConnectionId">The connection that is no longer current.</param>
[GenerateSerializer, Immutable, Alias("presence.connection-replaced")]
public sealed record ConnectionReplaced([property: Id(0)] string ConnectionId) : SinkEvent;

/// <summary>The user was signed out of this connection: close it.</summary>
/// <param name="ConnectionId">The connection that is no longer current.</param>
[GenerateSerializer, Immutable, Alias("presence.connection-signed-out")]
public sealed record ConnectionSignedOut([property: Id(0)] string ConnectionId) : SinkEvent;
