using Presence.Grains;
using Presence.Grains.Sinks;

namespace Presence.Standalone.Hosting;

/// <summary>Hands batches to the gateway of this process, in the life that it is in.</summary>
/// <remarks>
/// Grains that remember connections of an earlier life write to that life too. Nobody is there to hear it, and the gateway would take the
/// count of those batches for a gap in its own.
/// </remarks>
internal sealed class InProcessTransport : ISinkTransport, ISinkSubscription
{
    private volatile Subscriber? _subscriber;

    public bool MayLose => false;

    public bool SilosGoOn => false;

    public ValueTask PublishAsync(string sink, SinkBatch batch) =>
        _subscriber is { } subscriber && subscriber.Life == sink ? subscriber.Sink.DeliverAsync(batch) : ValueTask.CompletedTask;

    public Task<IPresenceSinkObserver?> SubscribeAsync(string life, IPresenceSink sink)
    {
        _subscriber = new(life, sink);
        return Task.FromResult<IPresenceSinkObserver?>(null);
    }

    public Task UnsubscribeAsync()
    {
        _subscriber = null;
        return Task.CompletedTask;
    }

    private sealed record Subscriber(string Life, IPresenceSink Sink);
}
