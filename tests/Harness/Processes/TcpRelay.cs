using System.Net;
using System.Net.Sockets;

namespace Presence.Harness.Processes;

/// <summary>Which way bytes go over a link.</summary>
[Flags]
public enum Ways
{
    /// <summary>To the target.</summary>
    There = 1,

    /// <summary>From the target.</summary>
    Back = 2,

    /// <summary>Either way.</summary>
    Both = There | Back,
}

/// <summary>A link that can be broken: what comes at its port goes to the target, and back.</summary>
public sealed class TcpRelay : IEndpoint, IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _ending = new();
    private readonly HashSet<Socket> _sockets = [];
    private readonly Task _accepting;
    private TaskCompletionSource _isOpen = Opened();
    private int _held;
    private Ways _heldWays;

    private TcpRelay(int target)
    {
        Target = target;
        Port = Ports.Free();
        _listener = new(IPAddress.Loopback, Port);
        _listener.Start(512);
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>A port at 127.0.0.1 for connections that are made from now on.</summary>
    public int Target { get; set; }

    /// <summary>The processes that may connect, for a relay that is to tell them apart.</summary>
    public Func<IEnumerable<int>> Peers { get; set; } = () => [];

    public static TcpRelay To(int target) => new(target);

    /// <summary>A black hole: nothing gets through and nobody is told. Bytes on the way arrive later.</summary>
    /// <param name="processId">For this one of <see cref="Peers"/> only; 0: for all.</param>
    /// <param name="ways">What is held.</param>
    public void Pause(int processId = 0, Ways ways = Ways.Both)
    {
        (_held, _heldWays) = (processId, ways);
        if (_isOpen.Task.IsCompleted)
        {
            _isOpen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void Resume() => _isOpen.TrySetResult();

    /// <summary>Resets every connection there is. New ones are taken.</summary>
    public void Cut()
    {
        Socket[] all;
        lock (_sockets)
        {
            all = [.. _sockets];
        }

        foreach (var socket in all)
        {
            Reset(socket);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Dispose();
        Resume();
        Cut();
        await _accepting;
        _ending.Dispose();
    }

    private static TaskCompletionSource Opened()
    {
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        source.SetResult();
        return source;
    }

    private async Task AcceptAsync()
    {
        List<Task> links = [];
        try
        {
            while (true)
            {
                var near = await _listener.AcceptSocketAsync(_ending.Token);
                links.RemoveAll(link => link.IsCompleted);
                links.Add(LinkAsync(near));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(links);
        }
    }

    private async Task LinkAsync(Socket near)
    {
        using var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        near.NoDelay = true;
        Keep(near, far);
        var peer = Peer.Find(((IPEndPoint)near.RemoteEndPoint!).Port, Port, Peers());
        try
        {
            await OpenAsync(peer, Ways.There);
            await far.ConnectAsync(IPAddress.Loopback, Target, _ending.Token);
            await Task.WhenAll(PumpAsync(near, far, peer, Ways.There), PumpAsync(far, near, peer, Ways.Back));
        }
        catch (Exception e) when (IsEnd(e))
        {
            // The target is not there: so neither is what comes in its place.
            Reset(near);
        }
        finally
        {
            Forget(near, far);
            near.Dispose();
        }
    }

    private Task OpenAsync(int peer, Ways way) =>
        (_held == 0 || _held == peer) && _heldWays.HasFlag(way) ? _isOpen.Task : Task.CompletedTask;

    private async Task PumpAsync(Socket from, Socket to, int peer, Ways way)
    {
        try
        {
            await CopyAsync(from, to, peer, way);
            await OpenAsync(peer, way);
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (IsEnd(e))
        {
            // One side was reset: so is the other one.
            Reset(from);
            Reset(to);
        }
    }

    private async Task CopyAsync(Socket from, Socket to, int peer, Ways way)
    {
        var buffer = new byte[16_384];
        int length;
        while ((length = await from.ReceiveAsync(buffer, _ending.Token)) > 0)
        {
            await OpenAsync(peer, way);
            for (var sent = 0; sent < length;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, length - sent), _ending.Token);
            }
        }
    }

    private static bool IsEnd(Exception e) => e is SocketException or ObjectDisposedException or OperationCanceledException;

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has ended already.
        }

        socket.Close();
    }

    private void Keep(params Socket[] sockets)
    {
        lock (_sockets)
        {
            _sockets.UnionWith(sockets);
        }
    }

    private void Forget(params Socket[] sockets)
    {
        lock (_sockets)
        {
            _sockets.ExceptWith(sockets);
        }
    }
}
