using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Presence.Standalone.Hosting;

/// <summary>
/// Stands where Orleans would listen for other silos and clients, and opens no port: whoever reaches a silo's port may call every
/// grain, and this silo has no peers.
/// </summary>
internal sealed class NoListener : IConnectionListenerFactory
{
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken) => new(new Silence(endpoint));

    private sealed class Silence(EndPoint endpoint) : IConnectionListener
    {
        private readonly TaskCompletionSource<ConnectionContext?> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public EndPoint EndPoint { get; } = endpoint;

        /// <returns>Null, which means no more, once the listener is unbound.</returns>
        public ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken) => new(_end.Task.WaitAsync(cancellationToken));

        public ValueTask UnbindAsync(CancellationToken cancellationToken)
        {
            _end.TrySetResult(null);
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => UnbindAsync(CancellationToken.None);
    }
}
