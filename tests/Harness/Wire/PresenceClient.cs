using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;

namespace Presence.Harness.Wire;

/// <summary>
/// A client that speaks JSON, answers pings, and keeps everything it ever received. Reading goes on in the background; a test takes
/// messages in the order they came.
/// </summary>
public sealed class PresenceClient : IAsyncDisposable
{
    private readonly Channel<Received> _messages = Channel.CreateUnbounded<Received>();
    private readonly TaskCompletionSource<WireFrame> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly List<string> _log = [];
    private readonly Task _reading;
    private WireFrame? _close;
    private int _lastFence;

    private PresenceClient(RawSocket socket)
    {
        Socket = socket;
        _reading = ReadAsync();
    }

    /// <summary>For bytes that are no JSON. Its reading side belongs to this client.</summary>
    public RawSocket Socket { get; }

    /// <summary>Everything that came, pings too, each with its time.</summary>
    public IReadOnlyList<string> Log
    {
        get
        {
            lock (_log)
            {
                return [.. _log];
            }
        }
    }

    /// <summary>Whether nothing has ended the connection so far.</summary>
    public bool IsOpen => !_ended.Task.IsCompleted;

    public static async Task<PresenceClient> ConnectAsync(IEndpoint server, Upgrade? upgrade = null) =>
        new(await RawSocket.OpenAsync(server, upgrade));

    /// <summary>Connects and authenticates.</summary>
    public static async Task<PresenceClient> SignInAsync(IEndpoint server, string userId, string? device = null)
    {
        var client = await ConnectAsync(server);
        try
        {
            await client.AuthenticateAsync(userId, device);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <returns>The <c>authenticated</c>.</returns>
    public async Task<Received> AuthenticateAsync(string userId, string? device = null, string token = "token", params string[] features)
    {
        await SendAsync(new { type = "authenticate", userId, token, features, device = device is null ? null : new { id = device, type = "web" } });
        return await ExpectAsync("authenticated");
    }

    public Task SendAsync(object message) => SendTextAsync(JsonSerializer.Serialize(message));

    public Task SendTextAsync(string json) => Socket.SendTextAsync(json);

    /// <returns>The <c>presence_list</c>.</returns>
    public async Task<Received> SubscribeAsync(params string[] userIds)
    {
        await SendAsync(new { type = "subscribe", userIds });
        return await ExpectAsync("presence_list");
    }

    /// <summary>The next message, whatever it is.</summary>
    public Task<Received> NextAsync(TimeSpan? deadline = null) => TakeAsync("any message", _ => true, deadline);

    /// <summary>The next message of this type; what comes before it is passed over.</summary>
    public Task<Received> ExpectAsync(string type, Func<Received, bool>? isIt = null, TimeSpan? deadline = null) =>
        TakeAsync(isIt is null ? type : $"{type} that fulfils the condition", m => m.Type == type && (isIt is null || isIt(m)), deadline);

    /// <summary>An update that shows this user with this status.</summary>
    public Task<Received> ExpectUpdateAsync(string userId, string status, TimeSpan? deadline = null) => TakeAsync(
        $"presence_update of {userId} with {status}",
        m => m.Type == "presence_update" && m.UserId == userId && m.Status == status, deadline);

    /// <summary>
    /// Everything that comes before the answer to a question sent now: the server answers one connection in order, so what is not
    /// here by then, as a reply to what was sent before, never comes.
    /// </summary>
    public async Task<List<Received>> FenceAsync(TimeSpan? deadline = null)
    {
        var id = "fence-" + (++_lastFence).ToString(CultureInfo.InvariantCulture);
        await SendAsync(new { type = "heartbeat", id });
        List<Received> before = [];
        await TakeAsync($"the answer to {id}", m => Passes(m, before, id), deadline);
        return before;
    }

    /// <summary>Sends a message and returns everything that came up to the answer of a fence after it.</summary>
    public async Task<List<Received>> AskAsync(string json)
    {
        await SendTextAsync(json);
        return await FenceAsync();
    }

    /// <summary>As <see cref="AskAsync(string)"/>.</summary>
    public Task<List<Received>> AskAsync(object message) => AskAsync(JsonSerializer.Serialize(message));

    /// <summary>Waits for the server to close, and returns the close frame, or how the connection ended without one.</summary>
    public async Task<WireFrame> ExpectEndAsync(TimeSpan? deadline = null)
    {
        try
        {
            return await _ended.Task.WaitAsync(deadline ?? RawSocket.Deadline);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Awaited the end of the connection. {Story()}");
        }
    }

    /// <summary>Leaves on purpose, and waits until the server has said so too.</summary>
    public async Task LeaveAsync(int code = 1000)
    {
        await Socket.SendAsync(WireFrame.MakeClose(code));
        await ExpectEndAsync();
    }

    /// <summary>Everything that came, for the message of a failed assertion.</summary>
    public string Story() => $"Received {Log.Count} frames:\n{string.Join('\n', Log)}";

    public async ValueTask DisposeAsync()
    {
        await Socket.DisposeAsync();
        await _reading;
    }

    private static bool Passes(Received message, List<Received> before, string fence)
    {
        if (message.Id == fence)
        {
            return true;
        }

        before.Add(message);
        return false;
    }

    private async Task<Received> TakeAsync(string awaited, Func<Received, bool> isIt, TimeSpan? deadline)
    {
        using var timeout = new CancellationTokenSource(deadline ?? RawSocket.Deadline);
        try
        {
            while (true)
            {
                var message = await _messages.Reader.ReadAsync(timeout.Token);
                if (isIt(message))
                {
                    return message;
                }
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Awaited {awaited} for {deadline ?? RawSocket.Deadline}. {Story()}");
        }
        catch (ChannelClosedException)
        {
            throw new EndOfStreamException($"Awaited {awaited}, but the connection has ended. {Story()}");
        }
    }

    private async Task ReadAsync()
    {
        var end = WireFrame.End;
        try
        {
            while (await ReadOneAsync() is { IsEnd: false } frame)
            {
                await TakeInAsync(frame);
            }
        }
        catch (Exception e) when (e is ObjectDisposedException or JsonException)
        {
            Note(e.Message);
        }
        finally
        {
            _ended.TrySetResult(_close ?? end);
            _messages.Writer.TryComplete();
        }

        async Task<WireFrame> ReadOneAsync()
        {
            end = await Socket.ReadFrameAsync(Timeout.InfiniteTimeSpan);
            Note(end.ToString());
            return end;
        }
    }

    private async Task TakeInAsync(WireFrame frame)
    {
        switch (frame.Opcode)
        {
            case Op.Text:
                var json = JsonDocument.Parse(frame.Payload).RootElement;
                _messages.Writer.TryWrite(new(json, frame.Text, Stopwatch.GetElapsedTime(_began)));
                break;
            case Op.Ping:
                await Socket.TrySendAsync(WireFrame.Make(Op.Pong, frame.Payload));
                break;
            case Op.Close:
                _close = frame;
                await Socket.TrySendAsync(WireFrame.Make(Op.Close, frame.Payload.AsSpan(0, Math.Min(2, frame.Payload.Length))));
                break;
        }
    }

    private void Note(string what)
    {
        lock (_log)
        {
            _log.Add(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(_began).TotalSeconds:0.000} {what}"));
        }
    }
}
