using Orleans.Streams;

namespace Presence.Grains.Sinks;

/// <summary>The streams that carry batches: one for each life of a sink.</summary>
internal static class SinkStreams
{
    /// <summary>The name of the stream provider, the same on silos and clients.</summary>
    public const string Provider = "presence";

    /// <summary>Equal on silos and clients, or a publisher would use a queue that nobody reads.</summary>
    public const int Queues = 4;

    private const string Namespace = "presence-sink";

    public static IAsyncStream<SinkBatch> Of(IStreamProvider provider, string sink) =>
        provider.GetStream<SinkBatch>(StreamId.Create(Namespace, sink));
}
