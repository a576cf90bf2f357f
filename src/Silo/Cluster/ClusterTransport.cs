using Microsoft.Extensions.Options;
using Orleans.Streams;
using Presence.Grains;
using Presence.Grains.Settings;
using Presence.Grains.Sinks;

namespace Presence.Silo.Cluster;

/// <summary>Sends batches between processes: by a direct call where the sink has asked for that, else by its stream.</summary>
internal sealed class ClusterTransport(ISinkDirectory sinks, IServiceProvider services, IOptions<PresenceClusterOptions> options) : ISinkTransport
{
    private readonly Lazy<IStreamProvider> _streams = new(() => services.GetRequiredKeyedService<IStreamProvider>(SinkStreams.Provider));

    public bool MayLose => true;

    public async ValueTask PublishAsync(string sink, SinkBatch batch)
    {
        if (sinks.ObserverOf(sink) is { } observer)
        {
            await observer.DeliverAsync(batch);
        }
        else if (options.Value.Transport == SinkTransport.Stream)
        {
            await SinkStreams.Of(_streams.Value, sink).OnNextAsync(batch);
        }
        else
        {
            throw new InvalidOperationException("The sink hears a stream, but this silo has none: Presence:Cluster:Transport differs.");
        }
    }
}
