using System.Collections.Immutable;
using Orleans.Placement;
using Presence.Grains.Rules.Privacy;
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
    private ClassViews? _views;
    private ImmutableArray<string> _sinks = [];
    private long _changesUsedUntil;
    private Timeline _timeline;
    private IGrainTimer? _expiry;

    private string UserId => _public.UserId;

    private DateTimeOffset Now => shared.Clock.GetUtcNow();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await LoadAsync();
        _state = PrivacyRules.Activated(ConnectionRules.Activated(_store.State), shared.PrivacyDefaults);
        _public = Views.Public(_state, this.GetPrimaryKeyString(), shared.Limits);
        _views = PrivacyRules.Views(_public, _state.Policy);
        await shared.Sinks.Loaded;
        _sinks = shared.Sinks.Live;
        await CommitAsync(ClaimRules.Activated(_state, Now, shared.Limits));
        AskForRooms();
        PutOn(wasSeen: false);
        Stay();
        ScheduleExpiry();
    }

    public async ValueTask<ConnectResult> ConnectAsync(ConnectRequest request)
    {
        request = _seen > request.KnownVersion ? request with { KnownVersion = _seen } : request;
        var step = ConnectionRules.Connect(_state, request, Now, shared.Limits);
        if (request.Metadata is not null && step.Refusal == Refusal.None)
        {
            step = step.Then(SaidRules.SetMetadata(step.Next, request.Metadata, Now));
        }

        await CommitAsync(step);
        return new(step.Refusal, Views.Own(_state, UserId), Views.DeviceStatus(_state, request.ConnectionId), _public)
        {
            Order = ConnectionRules.Order(_state, request.ConnectionId),
            Silo = shared.Silo,
        };
    }

    public ValueTask DisconnectAsync(string connectionId, DateTimeOffset lastProof) =>
        CommitAsync(ConnectionRules.Disconnect(_state, connectionId, lastProof, Now) with { Gone = Causes.OfEnd(lastProof, Now, shared.GracePeriod) });

    public async ValueTask<SetStatusResult> SetStatusAsync(SetStatusRequest request)
    {
        var step = StatusRules.SetStatus(_state, request, Now, _changesUsedUntil, shared.Limits);
        await CommitAsync(step);
        return new(step.Refusal, Views.Status(_state, Viewer.Others), Views.DeviceStatus(_state, request.ConnectionId), step.RetryAfter);
    }

    public ValueTask ActivityAsync(string connectionId) => CommitAsync(StatusRules.Activity(_state, connectionId, Now));

    public ValueTask LoseConnectionsAsync(string life, DateTimeOffset lastBeat) =>
        CommitAsync(ConnectionRules.LoseConnections(_state, life, lastBeat, Now));

    public async ValueTask<WatchResult> WatchAsync(string sink, long known)
    {
        if (!_sinks.Contains(sink))
        {
            _sinks = _sinks.Add(sink);
        }

        if (known > _public.Version)
        {
            await CatchUpAsync(known);
        }

        LeaveIfStranger();
        return new(known == 0 || _public.Version > known ? _public : null, shared.Silo);
    }

    public ValueTask UnwatchAsync(string sink)
    {
        _sinks = _sinks.Remove(sink);
        return ValueTask.CompletedTask;
    }

    public ValueTask<Explanation> ExplainAsync() => ValueTask.FromResult(Views.Explain(_state));

    public ValueTask<StatusTransition[]> GetTimelineAsync()
    {
        LeaveIfStranger();
        return ValueTask.FromResult(_timeline.ToArray());
    }

    public ValueTask<UserPresence> GetAsync()
    {
        LeaveIfStranger();
        return ValueTask.FromResult(_public);
    }

    private void LeaveIfStranger()
    {
        if (!_store.RecordExists && _firstWrite is not { IsCompleted: false } && !IsInMemoryOnly)
        {
            // A stranger takes no memory. Nothing is lost: whoever comes into sight is shown to every sink.
            DeactivateOnIdle();
        }
    }

    /// <summary>The one way to change: list the life, store, then keep and publish.</summary>
    private ValueTask CommitAsync(in Step step)
    {
        if (step.HasChanged)
        {
            return new(ChangeAsync(step));
        }

        if (step.Refusal != Refusal.None)
        {
            shared.Metrics.Refused(step.Refusal);
        }

        _state = step.Next;
        return ValueTask.CompletedTask;
    }

    // Few waits on purpose: each that is not over at once costs three objects of the grain's scheduler and a copy of its method.
    private async Task ChangeAsync(Step step)
    {
        var needsStore = NeedsStore(step);
        if (shared.Gate.IsOpen || (needsStore && shared.Gate.TryEnter()))
        {
            try
            {
                await WriteAsync(step.Next, step.JoinedLife);
                Stored();
            }
            catch (Exception exception)
            {
                Recover(exception, needsStore);
            }
        }
        else
        {
            GoOnWithoutStore(needsStore);
        }

        Adopt(step);
        if (step.LeftLife is not null && !_isUnstored)
        {
            await DelistAsync(step.LeftLife);
        }
    }

    private void Adopt(in Step step)
    {
        var (before, hadDevices) = (_state, _state.Devices.Length > 0);
        _state = step.Next;
        _public = Views.Public(_state, UserId, shared.Limits);
        _views = PrivacyRules.Views(_public, _state.Policy);
        _timeline.Note(before, step, Now);
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

    /// <summary>The longest stay while devices are connected or the store lacks something, and none beyond the usual otherwise.</summary>
    private void Stay() =>
        DelayDeactivation(_state.Devices.Length > 0 || IsInMemoryOnly ? Timeout.InfiniteTimeSpan : TimeSpan.Zero);
}
