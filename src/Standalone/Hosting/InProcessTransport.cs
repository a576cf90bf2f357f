using Presence.Grains;

namespace Presence.Standalone.Hosting;

/// <summary>Hands batches to the gateway of this process.</summary>
/// <remarks>
/// Grains that remember connections of an earlier life of the program write to that life too. Nobody is there to hear it, and the
/// gateway would take the count of those batches for a gap in its own.
/// </remarks>
internal sealed class InProcessTransport(IPresenceSink gateway, EarlierLives earlier) : ISinkTransport
{
    public ValueTask PublishAsync(string sink, SinkBatch batch) =>
        earlier.Contains(sink) ? ValueTask.CompletedTask : gateway.DeliverAsync(batch);
}
