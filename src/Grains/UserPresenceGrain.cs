using System.Collections.Immutable;
using Orleans.Placement;
using Presence.Grains.Rules.Users;

namespace Presence.Grains;

/// <summary>Runs the rules of one user: gives them the time, stores the result, tells the sinks.</summary>
/// <remarks>In memory while a device is connected; a grain that was only asked leaves after two minutes.</remarks>
[GrainType("presence-user"), RandomPlacement, CollectionAgeLimit(Minutes = 2)]
internal sealed partial class UserPresenceGrain(UserGrainShared shared) : Grain, IUserPresenceGrain
{
    private readonly UserStore _store = new();

    // What is stored, and what others see of it. The store's own copy runs ahead while a write is under way.
    private UserState _state = UserState.NeverSeen;
    private UserPresence _public = null!;
    private ImmutableArray<string> _sinks = [];
    private long _changesUsedUntil;
    private bool _isWriting;
    private IGrainTimer? _expiry;

    private string UserId => _public.UserId;

    private DateTimeOffset Now => shared.Clock.GetUtcNow();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await _store.ReadAsync(shared.Storage, this.GetGrainId());
        _state = ConnectionRules.Activated(_store.State);
        _public = Views.Public(_state, this.GetPrimaryKeyString(), shared.Limits);
        _sinks = shared.Sinks.Live;
        await CommitAsync(StatusRules.Expire(_state, Now));
        AskForRooms();
        PutOn(wasSeen: false);
        Stay();
        ScheduleExpiry();
    }

    public async ValueTask<ConnectResult> ConnectAsync(ConnectRequest request)
    {
        var step = ConnectionRules.Connect(_state, request, Now, shared.Limits);
        await CommitAsync(step);
        return new(step.Refusal, Views.Own(_state, UserId), Views.DeviceStatus(_state, request.ConnectionId), _public);
    }

    public ValueTask DisconnectAsync(string connectionId, DateTimeOffset lastProof) =>
        CommitAsync(ConnectionRules.Disconnect(_state, connectionId, lastProof, Now));

    public async ValueTask<SetStatusResult> SetStatusAsync(SetStatusRequest request)
    {
        var step = StatusRules.SetStatus(_state, request, Now, _changesUsedUntil, shared.Limits);
        await CommitAsync(step);
        return new(step.Refusal, Views.Status(_state, Viewer.Self), Views.DeviceStatus(_state, request.ConnectionId), step.RetryAfter);
    }

    public ValueTask ActivityAsync(string connectionId) => CommitAsync(StatusRules.Activity(_state, connectionId, Now));

    public ValueTask LoseConnectionsAsync(string life, DateTimeOffset lastBeat) =>
        CommitAsync(ConnectionRules.LoseConnections(_state, life, lastBeat, Now));

    public ValueTask<UserPresence> WatchAsync(string sink)
    {
        if (!_sinks.Contains(sink))
        {
            _sinks = _sinks.Add(sink);
        }

        return GetAsync();
    }

    public ValueTask UnwatchAsync(string sink)
    {
        _sinks = _sinks.Remove(sink);
        return ValueTask.CompletedTask;
    }

    public ValueTask<Explanation> ExplainAsync() => ValueTask.FromResult(Views.Explain(_state));

    public ValueTask<UserPresence> GetAsync()
    {
        if (!_store.IsStored && !_isWriting)
        {
            // A stranger takes no memory. Nothing is lost: whoever comes into sight is shown to every sink.
            DeactivateOnIdle();
        }

        return ValueTask.FromResult(_public);
    }

    /// <summary>The one way to change: list the life, store, then keep and publish.</summary>
    private async ValueTask CommitAsync(Step step)
    {
        if (!step.HasChanged)
        {
            if (step.Refusal != Refusal.None)
            {
                shared.Metrics.Refused(step.Refusal);
            }

            return;
        }

        try
        {
            // Listed first, so that it is durable no later than the state: a stored device whose life nobody can end would be a ghost.
            var listed = step.JoinedLife is null ? default : shared.Sessions.AddAsync(step.JoinedLife, UserId);
            var unlisted = TakeOffAsync(step.Next);
            _isWriting = true;
            await _store.WriteAsync(shared.Storage, this.GetGrainId(), step.Next);
            await listed;
            await unlisted;
            _isWriting = false;
        }
        catch (Exception exception)
        {
            // The write may have landed or not, and only the storage knows: start anew from there.
            Log.WriteFailed(shared.Logger, exception, UserId);
            shared.Metrics.StorageFailed();
            DeactivateOnIdle();
            throw;
        }

        Adopt(step);
        if (step.LeftLife is not null)
        {
            await DelistAsync(step.LeftLife);
        }
    }

    private void Adopt(in Step step)
    {
        var (before, hadDevices) = (_state, _state.Devices.Length > 0);
        _state = step.Next;
        _public = Views.Public(_state, UserId, shared.Limits);
        _changesUsedUntil = Math.Max(_changesUsedUntil, step.UsedUntil);
        Publish(step);
        TellRooms(before);
        PutOn(IsSeen(before));
        if (hadDevices != _state.Devices.Length > 0)
        {
            Stay();
        }

        ScheduleExpiry();
    }

    private async ValueTask DelistAsync(string life)
    {
        try
        {
            await shared.Sessions.RemoveAsync(life, UserId);
        }
        catch (Exception exception)
        {
            // The state is stored; a user listed in vain costs one call when that life ends.
            Log.DelistFailed(shared.Logger, exception, UserId, life);
        }
    }

    // The longest stay while devices are connected, and none beyond the usual without.
    private void Stay() => DelayDeactivation(_state.Devices.Length > 0 ? Timeout.InfiniteTimeSpan : TimeSpan.Zero);
}
