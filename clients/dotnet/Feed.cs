using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Presence.Client;

/// <summary>Events for any number of readers, each with its own queue: a slow one loses its oldest and holds up nobody.</summary>
internal sealed class Feed(int capacity)
{
    private ImmutableList<Channel<PresenceEvent>> _readers = [];

    public void Publish(PresenceEvent what)
    {
        foreach (var reader in Volatile.Read(ref _readers))
        {
            reader.Writer.TryWrite(what);
        }
    }

    /// <summary>There will be no more: every reader comes to its end.</summary>
    public void Complete()
    {
        foreach (var reader in Interlocked.Exchange(ref _readers, []))
        {
            reader.Writer.TryComplete();
        }
    }

    /// <summary>From now on, until it is cancelled or complete.</summary>
    public IAsyncEnumerable<PresenceEvent> Subscribe()
    {
        var options = new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true };
        var channel = Channel.CreateBounded<PresenceEvent>(options);
        ImmutableInterlocked.Update(ref _readers, static (readers, added) => readers.Add(added), channel);
        return ReadAsync(channel);
    }

    private async IAsyncEnumerable<PresenceEvent> ReadAsync(
        Channel<PresenceEvent> channel, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        try
        {
            await foreach (var what in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return what;
            }
        }
        finally
        {
            ImmutableInterlocked.Update(ref _readers, static (readers, gone) => readers.Remove(gone), channel);
        }
    }
}
