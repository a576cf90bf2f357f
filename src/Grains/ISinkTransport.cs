namespace Presence.Grains;

/// <summary>How batches get from a silo to a sink.</summary>
public interface ISinkTransport
{
    /// <summary>Sends one batch; batches of one sink are sent one after the other.</summary>
    ValueTask PublishAsync(string sink, SinkBatch batch);
}
