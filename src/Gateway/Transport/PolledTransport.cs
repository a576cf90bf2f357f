using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Presence.Gateway.Transport;

/// <summary>Listens for Kestrel at TCP ports of Linux; what is left is for Kestrel's own transport.</summary>
internal sealed class PolledTransport(ILogger<PolledTransport> logger) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    /// <summary>How many may wait to be accepted.</summary>
    private const int Backlog = 4096;

    public bool CanBind(EndPoint endpoint) => endpoint is IPEndPoint && OperatingSystem.IsLinux();

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        Socket? socket = null;
        try
        {
            socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            socket.Listen(Backlog);
            return new(new PolledListener(socket, logger));
        }
        catch (SocketException e)
        {
            socket?.Dispose();
            throw e.SocketErrorCode == SocketError.AddressAlreadyInUse ? new AddressInUseException(e.Message, e) : e;
        }
    }
}

internal sealed partial class PolledListener(Socket socket, ILogger logger) : IConnectionListener
{
    /// <summary>While the process has no file left, each attempt fails at once.</summary>
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(100);

    public EndPoint EndPoint { get; } = socket.LocalEndPoint!;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Socket? accepted = null;
            try
            {
                accepted = await socket.AcceptAsync(cancellationToken);
                accepted.NoDelay = true;
                return new PolledConnection(accepted);
            }
            catch (ObjectDisposedException)
            {
                return null;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.OperationAborted)
            {
                return null;
            }
            catch (Exception e) when (e is Win32Exception and (not SocketException
                or SocketException { SocketErrorCode: SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable }))
            {
                accepted?.Dispose();
                OutOfFiles(logger, e);
                await Task.Delay(Breath, cancellationToken);
            }
            catch (SocketException)
            {
                // Whoever it was has gone before it was its turn.
                accepted?.Dispose();
            }
        }
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => DisposeAsync();

    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        return default;
    }

    [LoggerMessage(2030, LogLevel.Warning, "No connection can be accepted just now.")]
    private static partial void OutOfFiles(ILogger logger, Exception exception);
}
