using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Presence.Gateway.Transport;

/// <summary>
/// A connected socket that never blocks. Its file is registered with a <see cref="Poller"/> and with nobody else: only synchronous calls are made of
/// <see cref="Socket"/>, which would else watch it too.
/// </summary>
internal sealed class PolledSocket : Wire
{
    private static int s_lastNumber;

    private readonly Socket _socket;
    private TaskCompletionSource? _writable;
    private CancellationTokenSource? _ended;
    private bool _isEnded;
    private bool _isClosed;

    public PolledSocket(Socket socket)
    {
        socket.Blocking = false;
        _socket = socket;
        File = (int)socket.SafeHandle.DangerousGetHandle();
        Number = Interlocked.Increment(ref s_lastNumber);
        Input = new(this);
        Pollers.Shared.Add(this);
    }

    /// <summary>The number of its file.</summary>
    public int File { get; }

    /// <summary>Unlike that of any other socket of this process.</summary>
    public int Number { get; }

    /// <summary>What the other side sends.</summary>
    public SocketReader Input { get; }

    /// <summary>Cancelled when the other side sends no more, or the socket is closed.</summary>
    public CancellationToken Ended
    {
        get
        {
            lock (this)
            {
                _ended ??= new();
                if (_isEnded)
                {
                    _ended.Cancel();
                }

                return _ended.Token;
            }
        }
    }

    /// <summary>Reads what has come.</summary>
    /// <returns><see cref="SocketError.WouldBlock"/> when nothing has.</returns>
    public SocketError Receive(Span<byte> buffer, out int count)
    {
        try
        {
            count = _socket.Receive(buffer, SocketFlags.None, out var error);
            return error;
        }
        catch (ObjectDisposedException)
        {
            count = 0;
            return SocketError.OperationAborted;
        }
    }

    public override int TrySend(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var sent = _socket.Send(bytes, SocketFlags.None, out var error);
            return error switch
            {
                SocketError.Success => sent,
                SocketError.WouldBlock => 0,
                _ => -1,
            };
        }
        catch (ObjectDisposedException)
        {
            return -1;
        }
    }

    public override Task SendAsync(ReadOnlyMemory<byte> bytes) => SendAsync(bytes, default);

    public async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        while (bytes.Length > 0)
        {
            // Before the attempt: the kernel tells only once that there is room again.
            var writable = WhenWritable();
            var sent = TrySend(bytes.Span);
            if (sent < 0)
            {
                throw new ConnectionResetException("The connection is broken.");
            }

            bytes = bytes[sent..];
            if (sent == 0)
            {
                await writable.WaitAsync(cancellation);
            }
        }
    }

    /// <summary>The kernel has something to tell. Called by the poller only.</summary>
    public void Signal(EpollEvents events)
    {
        if ((events & (EpollEvents.Out | EpollEvents.Error | EpollEvents.HangUp)) != 0)
        {
            Interlocked.Exchange(ref _writable, null)?.TrySetResult();
        }

        var isLast = (events & (EpollEvents.ReadHangUp | EpollEvents.Error | EpollEvents.HangUp)) != 0;
        if (isLast)
        {
            End();
        }

        if (events != EpollEvents.Out)
        {
            Input.Signal(isLast);
        }
    }

    /// <summary>Nothing more will come.</summary>
    public void End()
    {
        lock (this)
        {
            _isEnded = true;
            if (_ended is null)
            {
                return;
            }
        }

        // Who waits for it must not hold up the poller.
        ThreadPool.UnsafeQueueUserWorkItem(static ended => ended.Cancel(), _ended, preferLocal: false);
    }

    /// <summary>Closes the socket: after all that was sent, or with a reset.</summary>
    /// <param name="reason">What a read that waits, or comes later, throws; null closes in order.</param>
    public void Close(ConnectionAbortedException? reason)
    {
        lock (this)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
        }

        // First, so that whoever reads hears why, and not of the consequence.
        Input.Fail(reason ?? new ConnectionAbortedException("The connection was closed."));
        Pollers.Shared.Remove(this);
        if (reason is not null)
        {
            _socket.Close(timeout: 0);
        }
        else
        {
            CloseInOrder();
        }

        Interlocked.Exchange(ref _writable, null)?.TrySetResult();
        End();
    }

    /// <summary>What has come and nobody read would make the kernel reset the connection, and lose what was sent last.</summary>
    private void CloseInOrder()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
            Span<byte> unread = stackalloc byte[4096];
            for (var i = 0; i < 256 && Receive(unread, out var count) == SocketError.Success && count > 0; i++)
            {
            }
        }
        catch (SocketException)
        {
            // The other side was faster.
        }

        _socket.Dispose();
    }

    private Task WhenWritable()
    {
        lock (this)
        {
            if (_isClosed)
            {
                return Task.CompletedTask;
            }

            var writable = Volatile.Read(ref _writable);
            if (writable is null)
            {
                writable = new(TaskCreationOptions.RunContinuationsAsynchronously);
                Volatile.Write(ref _writable, writable);
            }

            return writable.Task;
        }
    }
}
