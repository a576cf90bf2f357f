using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;

namespace Presence.Grains.Sinks;

/// <summary>Hears batches by the stream of its life.</summary>
internal sealed class StreamSubscription([FromKeyedServices(SinkStreams.Provider)] IStreamProvider streams) : ISinkSubscription
{
    private StreamSubscriptionHandle<SinkBatch>? _handle;

    public bool SilosGoOn => true;

    public async Task<IPresenceSinkObserver?> SubscribeAsync(string life, IPresenceSink sink)
    {
        await UnsubscribeAsync();
        _handle = await SinkStreams.Of(streams, life).SubscribeAsync((batch, _) => sink.DeliverAsync(batch).AsTask());
        return null;
    }

    public async Task UnsubscribeAsync()
    {
        if (_handle is { } handle)
        {
            _handle = null;
            await handle.UnsubscribeAsync();
        }
    }
}
