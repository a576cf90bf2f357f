namespace Presence.Grains;

/// <summary>How batches travel from a silo to a sink: in process, by an observer call, or by a stream.</summary>
public interface ISinkTransport
{
    /// <summary>
    /// Sends one batch. The next batch for the same sink follows when this one is acknowledged, so completing is the sink's credit.
    /// </summary>
    /// <exception cref="Exception">
    /// Any: the batch counts as lost, and the sink sees the gap in <see cref="SinkBatch.Sequence"/> with the next one.
    /// </exception>
    ValueTask PublishAsync(string sink, SinkBatch batch);
}
