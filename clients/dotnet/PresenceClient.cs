using Presence.Client.Wire;

namespace Presence.Client;

/// <summary>
/// One device of one user, connected to a Presence server. It comes back by itself after a loss, asks again for everything that it had asked
/// for, and keeps the last that was known, marked as stale, while it is away.
/// </summary>
/// <remarks>All members may be called from any thread.</remarks>
public sealed partial class PresenceClient : IAsyncDisposable
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    private readonly PresenceClientOptions _options;
    private readonly Requests _requests;
    private readonly People _people;
    private readonly Rooms _rooms;
    private readonly Feed _feed;
    private readonly TaskCompletionSource<PresenceException?> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;
    private volatile Link? _link;
    private volatile bool _isLeaving;
    private int _state;

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public PresenceClient(PresenceClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        _options = options;
        _feed = new(options.EventCapacity);
        _requests = new(options.RequestTimeout, options.TimeProvider);
        _people = new(options.UserId, presence => _feed.Publish(new PresenceChanged(presence)));
        _rooms = new(_feed.Publish);
    }

    /// <summary>Where this client is.</summary>
    public PresenceConnectionState State => (PresenceConnectionState)Volatile.Read(ref _state);

    /// <summary>Ends when this client has stopped for good: with null when it was told to, else with the reason that the server gave.</summary>
    public Task<PresenceException?> Completion => _completion.Task;

    /// <summary>Oneself, with all devices; null before the first connection.</summary>
    public UserPresence? Me => _people.Find(_options.UserId);

    /// <summary>What is known of a user who is watched; null before the server's first word.</summary>
    public UserPresence? Find(string userId) => _people.Find(userId);

    /// <summary>What is known of a room that this client is in or looks at; null for any other.</summary>
    public RoomSnapshot? FindRoom(string roomId) => _rooms.Find(roomId);

    /// <summary>Everything that happens from now on; ends with the client. Any number of readers may be active.</summary>
    public IAsyncEnumerable<PresenceEvent> ReadAllAsync() => _feed.Subscribe();

    /// <summary>Connects. Only this first attempt is the caller's: a connection that is lost later comes back by itself.</summary>
    /// <exception cref="PresenceException">The server refused; <see cref="PresenceException.CloseCode"/> from 4500 on: for good.</exception>
    /// <exception cref="System.Net.WebSockets.WebSocketException">There is no such server.</exception>
    /// <exception cref="InvalidOperationException">It was started before.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.CompareExchange(ref _state, (int)PresenceConnectionState.Connecting, (int)PresenceConnectionState.Disconnected)
            != (int)PresenceConnectionState.Disconnected || _stopping.IsCancellationRequested)
        {
            throw new InvalidOperationException("The client was started before");
        }

        Show(PresenceConnectionState.Connecting, null);
        try
        {
            var (link, welcome) = await OpenAsync(cancellationToken).ConfigureAwait(false);
            Enter(link, welcome);
            _running = RunAsync(link, welcome);
        }
        catch
        {
            Show(PresenceConnectionState.Disconnected, null);
            throw;
        }
    }

    /// <summary>Leaves on purpose: this device is gone for others at once. It cannot be started again.</summary>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        _isLeaving = true;
        if (_link is { } link)
        {
            try
            {
                await link.LeaveAsync(cancellationToken).ConfigureAwait(false);
                await Task.WhenAny(_running, Task.Delay(CloseTimeout, _options.TimeProvider, cancellationToken)).ConfigureAwait(false);
            }
            catch (System.Net.WebSockets.WebSocketException)
            {
                link.Abort(); // The connection ended by itself meanwhile: the same, but for the grace period.
            }
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.WaitAsync(cancellationToken).ConfigureAwait(false);
        Finish(null, null);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_stopping.IsCancellationRequested)
        {
            await StopAsync().ConfigureAwait(false);
        }

        _stopping.Dispose();
    }

    private void Show(PresenceConnectionState state, int? closeCode)
    {
        Volatile.Write(ref _state, (int)state);
        _feed.Publish(new ConnectionChanged(state, closeCode));
    }

    private void Finish(PresenceException? reason, int? closeCode)
    {
        if (_completion.TrySetResult(reason))
        {
            Show(PresenceConnectionState.Disconnected, closeCode);
            _feed.Complete();
        }
    }
}
