namespace Presence.Grains;

/// <summary>How batches travel from a silo to a sink: in process, by an observer call, or by a stream.</summary>
public interface ISinkTransport
{
    /// <summary>Whether a batch may be lost on the way although it was acknowledged: what was sent is then kept for a while, to be replayed.</summary>
    bool MayLose { get; }

    /// <summary>
    /// Sends one batch. The next batch for the same sink follows when this one is acknowledged, so completing is the sink's credit.
    /// </summary>
    /// <exception cref="Exception">
    /// Any: the batch counts as lost, and the sink sees the gap in <see cref="SinkBatch.Sequence"/> with the next one.
    /// </exception>
    ValueTask PublishAsync(string sink, SinkBatch batch);
}
