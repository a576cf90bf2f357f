using System.ComponentModel;

namespace Presence.Gateway.Transport;

/// <summary>
/// Tells sockets when they can be read or written. While there is something to tell it is a work item at the end of the thread pool's queue, so
/// no thread has to wake another one (docs/decisions/0014-polled-sockets.md); while there is nothing, <see cref="Pollers"/> waits for all.
/// </summary>
internal sealed class Poller(Pollers all, int index) : IThreadPoolWorkItem
{
    private const int MaxEvents = 256;

    private readonly Epoll _epoll = new(MaxEvents);

    public Epoll Epoll => _epoll;

    public void Add(PolledSocket socket) => _epoll.Watch(
        socket.File, EpollEvents.In | EpollEvents.Out | EpollEvents.ReadHangUp | EpollEvents.EdgeTriggered, Pollers.Key(socket));

    void IThreadPoolWorkItem.Execute()
    {
        var count = _epoll.Wait(0);
        for (var i = 0; i < count; i++)
        {
            var events = _epoll.Read(i, out var key);
            all.Find(key)?.Signal(events);
        }

        if (count > 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
        else
        {
            all.WakeWhenReady(this, index);
        }
    }
}

/// <summary>The pollers of the process, one for each processor, and the one thread that waits while they have nothing to do.</summary>
internal sealed class Pollers
{
    private readonly Lock _gate = new();
    private readonly Epoll _idle;
    private readonly Poller[] _pollers;
    private PolledSocket?[] _sockets = new PolledSocket?[1024];
    private uint _next;

    private Pollers()
    {
        _pollers = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(index => new Poller(this, index))];
        _idle = new(_pollers.Length);
        for (var i = 0; i < _pollers.Length; i++)
        {
            _idle.Watch(_pollers[i].Epoll, EpollEvents.In | EpollEvents.OneShot, i);
        }

        new Thread(WakeAll) { IsBackground = true, Name = "Presence pollers" }.Start();
    }

    public static Pollers Shared { get; } = new();

    /// <summary>What names a socket to the kernel: its file, which is used again when it is closed, and a number, which is not.</summary>
    public static long Key(PolledSocket socket) => ((long)socket.Number << 32) | (uint)socket.File;

    /// <exception cref="Win32Exception">The kernel watches no more files.</exception>
    public void Add(PolledSocket socket)
    {
        lock (_gate)
        {
            if (socket.File >= _sockets.Length)
            {
                Array.Resize(ref _sockets, Math.Max(_sockets.Length * 2, socket.File + 1));
            }

            _sockets[socket.File] = socket;
            try
            {
                _pollers[_next++ % (uint)_pollers.Length].Add(socket);
            }
            catch (Win32Exception)
            {
                _sockets[socket.File] = null;
                throw;
            }
        }
    }

    /// <summary>Called before the socket's file is closed, which also ends what the kernel says of it.</summary>
    public void Remove(PolledSocket socket)
    {
        lock (_gate)
        {
            _sockets[socket.File] = null;
        }
    }

    public PolledSocket? Find(long key)
    {
        var sockets = _sockets;
        return (uint)key < (uint)sockets.Length && sockets[(int)key] is { } socket && Key(socket) == key ? socket : null;
    }

    public void WakeWhenReady(Poller poller, int index) => _idle.Change(poller.Epoll, EpollEvents.In | EpollEvents.OneShot, index);

    private void WakeAll()
    {
        while (true)
        {
            var count = _idle.Wait(-1);
            for (var i = 0; i < count; i++)
            {
                _idle.Read(i, out var index);
                ThreadPool.UnsafeQueueUserWorkItem(_pollers[index], preferLocal: false);
            }
        }
    }
}
