using System.Net.Sockets;
using System.Text.Json;
using Presence.Harness.Checking;

namespace Presence.Harness.Clients;

/// <summary>
/// A user with one running client that behaves as a real one: it beats, watches over the server's silence, comes back with full
/// jitter to the next gateway unless a close code forbids it, asks again for what it subscribes to, and says what the person chose
/// until that is confirmed. Everything it sees goes into the record.
/// </summary>
public sealed partial class Person : IAsyncDisposable
{
    private const int FirstFinalCode = 4500;

    private readonly Crowd _crowd;
    private readonly Retry _retry;
    private readonly CancellationTokenSource _away = new();
    private readonly Lock _lock = new();
    private Task _living = Task.CompletedTask;
    private RawSocket? _socket;
    private int _gateway;
    private bool _isLeaving;

    internal Person(Crowd crowd, string user, string client, int gateway)
    {
        (_crowd, User, Client, _gateway) = (crowd, user, client, gateway);
        _retry = new(crowd.Plan.FirstRetry, crowd.Plan.LongestRetry);
    }

    public string User { get; }

    /// <summary>The id of the device, and the name in the record.</summary>
    public string Client { get; }

    /// <summary>Signed in, subscribed, and everything chosen is confirmed.</summary>
    public bool IsSettled
    {
        get
        {
            lock (_lock)
            {
                return _isIn && _pendingSubscription is null && _wish is null or { IsConfirmed: true };
            }
        }
    }

    /// <summary>Whether the client is there, or on its way back.</summary>
    public bool IsPresent => !_living.IsCompleted;

    private Recorder Recorder => _crowd.Recorder;

    /// <summary>Leaves on purpose, and waits for the server to say so too, for a while.</summary>
    public async Task LeaveAsync()
    {
        _isLeaving = true;
        if (_isIn && _socket is { } socket && await socket.TrySendAsync(WireFrame.MakeClose(1000)))
        {
            await _living.WaitAsync(_crowd.Plan.AnswerTime).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await VanishAsync();
    }

    /// <summary>Is lost without a word, and does not come back.</summary>
    public async Task VanishAsync()
    {
        await _away.CancelAsync();
        await _living;
    }

    public async ValueTask DisposeAsync()
    {
        await VanishAsync();
        _away.Dispose();
    }

    /// <summary>Comes; once.</summary>
    internal void Appear() => _living = LiveAsync();

    private async Task LiveAsync()
    {
        try
        {
            while (await ConnectAsync())
            {
                await Task.Delay(_retry.Next(), _away.Token);
                _gateway++;
            }
        }
        catch (OperationCanceledException)
        {
            // Gone for good.
        }
    }

    /// <summary>One connection, from the attempt to its end.</summary>
    /// <returns>Whether to come back.</returns>
    private async Task<bool> ConnectAsync()
    {
        RawSocket? socket = null;
        using var goes = _away.Token.Register(() => socket?.Abort());
        try
        {
            socket = await RawSocket.ConnectAsync(_crowd.GatewayAt(_gateway).Port);
            _away.Token.ThrowIfCancellationRequested();
            await socket.SendAsync(new Upgrade().ToBytes());
            var reply = await socket.ReadHttpAsync(_crowd.Plan.AnswerTime);
            return reply.Status != 101 ? Refuse($"HTTP {reply.Status}") : await TalkAsync(socket);
        }
        catch (Exception e) when (e is SocketException or TimeoutException or ObjectDisposedException)
        {
            return Refuse(e.GetType().Name);
        }
        finally
        {
            await (socket?.DisposeAsync() ?? default);
        }
    }

    private bool Refuse(string what)
    {
        Recorder.Add(now => new Refused(now, Client, what));
        return true;
    }

    private async Task<bool> TalkAsync(RawSocket socket)
    {
        var lastHeard = Recorder.Now;
        var close = 0;
        Begin(socket);
        try
        {
            await SayAsync(SignInMessage);
            while (await socket.ReadFrameAsync(Patience) is { IsEnd: false } frame)
            {
                lastHeard = Recorder.Now;
                close = frame.Opcode == Op.Close ? frame.CloseCode : close;
                await TakeInAsync(frame);
            }
        }
        catch (Exception e) when (e is TimeoutException or SocketException or ObjectDisposedException)
        {
            // Silent for too long, or gone itself.
            Refuse(e.GetType().Name);
        }

        Finish(lastHeard, close);
        return close < FirstFinalCode && !_isLeaving;
    }

    private void Begin(RawSocket socket)
    {
        lock (_lock)
        {
            (_socket, _isIn, _pendingSubscription) = (socket, false, null);
        }
    }

    private void Finish(TimeSpan lastHeard, int close)
    {
        bool wasIn;
        lock (_lock)
        {
            (wasIn, _isIn, _socket) = (_isIn, false, null);
        }

        Recorder.Add(now => new Ended(now, Client, User, wasIn ? lastHeard : now, IsClean: close == 1000));
        if (close != 0)
        {
            Recorder.Add(now => new Refused(now, Client, $"close {close}"));
        }
    }

    private Task SayAsync(object message) =>
        _socket is { } socket ? socket.TrySendAsync(WireFrame.MakeText(JsonSerializer.Serialize(message))) : Task.CompletedTask;
}
