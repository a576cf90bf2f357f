using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;

namespace Presence.Client.Wire;

/// <summary>One WebSocket: whole messages in both directions, and how it ended.</summary>
internal sealed class Link : IDisposable
{
    private const int BufferSize = 4096;

    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly ArrayBufferWriter<byte> _message = new(BufferSize);

    private Link() => _socket.Options.AddSubProtocol("presence.v1.json");

    /// <summary>The code of the close frame, 1006 without one; null while the connection lasts.</summary>
    public int? EndCode { get; private set; }

    public string? EndReason { get; private set; }

    public static async Task<Link> OpenAsync(Uri address, CancellationToken cancellationToken)
    {
        var link = new Link();
        try
        {
            await link._socket.ConnectAsync(address, cancellationToken).ConfigureAwait(false);
            return link;
        }
        catch
        {
            link.Dispose();
            throw;
        }
    }

    /// <exception cref="WebSocketException">The connection has ended.</exception>
    public async Task SendAsync(ClientMessage message, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(message, WireJson.Default.ClientMessage);
        await OneAtATimeAsync(
            () => _socket.SendAsync(json, WebSocketMessageType.Text, endOfMessage: true, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>The next message; null at the end of the connection. What is no message is passed over.</summary>
    public async Task<ServerMessage?> ReadAsync(CancellationToken cancellationToken)
    {
        while (await ReceiveAsync(cancellationToken).ConfigureAwait(false))
        {
            if (Parse(_message.WrittenSpan) is { } message)
            {
                return message;
            }
        }

        return null;
    }

    /// <summary>Ends the connection without a word, as a bad network does: the device keeps its grace period.</summary>
    public void Abort() => _socket.Abort();

    /// <summary>Leaves on purpose: the device is gone at once.</summary>
    /// <exception cref="WebSocketException">The connection has ended.</exception>
    public Task LeaveAsync(CancellationToken cancellationToken) => OneAtATimeAsync(
        () => _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken), cancellationToken);

    /// <summary>The semaphore is left to the collector: somebody may be sending still.</summary>
    public void Dispose() => _socket.Dispose();

    private async Task OneAtATimeAsync(Func<Task> send, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await send().ConfigureAwait(false);
        }
        catch (Exception e) when (e is InvalidOperationException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            // What a socket throws that was closed, aborted or disposed meanwhile.
            throw new WebSocketException(WebSocketError.ConnectionClosedPrematurely, e);
        }
        finally
        {
            _sending.Release();
        }
    }

    private static ServerMessage? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, WireJson.Default.ServerMessage);
        }
        catch (JsonException)
        {
            return null; // A newer server may say what this version cannot read.
        }
    }

    private async Task<bool> ReceiveAsync(CancellationToken cancellationToken)
    {
        _message.ResetWrittenCount();
        try
        {
            while (true)
            {
                var part = await _socket.ReceiveAsync(_message.GetMemory(BufferSize), cancellationToken).ConfigureAwait(false);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    (EndCode, EndReason) = ((int?)_socket.CloseStatus ?? CloseCodes.Abnormal, _socket.CloseStatusDescription);
                    return false;
                }

                _message.Advance(part.Count);
                if (part.EndOfMessage)
                {
                    return true;
                }
            }
        }
        catch (WebSocketException e)
        {
            (EndCode, EndReason) = (CloseCodes.Abnormal, e.Message);
            return false;
        }
    }
}
