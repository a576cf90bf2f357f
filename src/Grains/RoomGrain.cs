using Orleans.Placement;
using Presence.Grains.Rules.Rooms;

namespace Presence.Grains;

/// <summary>Runs the rules of one room: gives them the time, tells the sinks, writes behind.</summary>
/// <remarks>
/// Never waits for another grain but at its activation, so no queue of calls builds up behind a slow one. In memory while somebody is in it
/// or attached; a room that was only asked for leaves after two minutes.
/// </remarks>
[GrainType("presence-room"), RandomPlacement, CollectionAgeLimit(Minutes = 2)]
internal sealed partial class RoomGrain(RoomGrainShared shared) : Grain, IRoomGrain
{
    /// <summary>
    /// After the loss of a silo its gateways notice within a second of one another, and what was not written yet they alone know. A gateway
    /// that knew the room shows nobody as gone before all have spoken.
    /// </summary>
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(2);

    private readonly HashSet<string> _sinks = new(StringComparer.Ordinal);
    private Room _room = null!;
    private IGrainTimer? _timer;
    private Task _saving = Task.CompletedTask;
    private DateTimeOffset _settlesAt;

    private string RoomId => this.GetPrimaryKeyString();

    private DateTimeOffset Now => shared.Clock.GetUtcNow();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _room = new(RoomId, shared.Limits);
        _settlesAt = Now + SettleTime;
        await RestoreAsync();
        shared.Metrics.RoomActivated(1);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        shared.Metrics.RoomActivated(-1);
        Tell(new RoomMoved(RoomId));
        await _saving;
        await SaveAsync(int.MaxValue);
    }

    public ValueTask<RoomSnapshot> AttachAsync(string sink)
    {
        _sinks.Add(sink);
        Settle();
        return GetAsync();
    }

    public ValueTask DetachAsync(string sink)
    {
        _sinks.Remove(sink);
        Settle();
        return ValueTask.CompletedTask;
    }

    public ValueTask<RoomReceipt> JoinAsync(RoomJoin join, string sink)
    {
        // Attached first, so that it hears of the join too.
        var snapshot = _sinks.Add(sink) ? Snapshot() : null;
        _room.Join(join, Now);
        return ValueTask.FromResult(Receipt(snapshot));
    }

    public ValueTask<RoomReceipt> MoveAsync(RoomMove[] moves)
    {
        RoomSnapshot? snapshot = null;
        foreach (var move in moves)
        {
            if (move.Join is not { } join)
            {
                _room.Leave(move.UserId, move.DeviceId);
                continue;
            }

            snapshot = _sinks.Add(join.Life) ? Snapshot() : snapshot;
            _room.Join(join, Now);
        }

        return ValueTask.FromResult(Receipt(snapshot));
    }

    public ValueTask LeaveAsync(string userId, string deviceId)
    {
        _room.Leave(userId, deviceId);
        Changed();
        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> UpdateMemberAsync(string userId, string? metadata)
    {
        var isMember = _room.Update(userId, metadata);
        Changed();
        return ValueTask.FromResult(isMember);
    }

    public ValueTask<RoomSnapshot> GetAsync() => ValueTask.FromResult(Snapshot());

    public ValueTask TypingAsync(string userId, string deviceId, bool isTyping)
    {
        _room.SetTyping(userId, deviceId, isTyping, Now);
        Settle();
        return ValueTask.CompletedTask;
    }

    public ValueTask MemberChangedAsync(RoomMemberChange change)
    {
        _room.Change(change, Now);
        Changed();
        return ValueTask.CompletedTask;
    }

    public ValueTask<RoomSnapshot> ReattachAsync(string sink, long version, RoomJoin[] members)
    {
        _sinks.Add(sink);
        _room.Roster.Raise(version);
        foreach (var member in members)
        {
            _room.Join(member, Now);
        }

        _room.DropUnconfirmed(sink);
        Changed();
        return GetAsync();
    }

    private RoomSnapshot Snapshot() => _room.Roster.Snapshot() with { IsSettling = Now < _settlesAt };

    private RoomReceipt Receipt(RoomSnapshot? snapshot) => new(Changed(), snapshot) { Count = _room.Roster.Count };

    /// <returns>The version that shows the change.</returns>
    private long Changed()
    {
        Settle();
        return _room.Roster.DueVersion;
    }

    /// <summary>Tells what may be told now, and sets the timer for what is due later.</summary>
    private void Settle()
    {
        var now = Now;
        foreach (var typing in _room.TakeTyping())
        {
            Tell(typing);
        }

        if (_room.Roster.NextUpdate <= now && _room.Roster.Update(now) is { } update)
        {
            shared.Metrics.RoomUpdated();
            Tell(update);
        }

        var isInUse = !_room.Roster.IsEmpty || _sinks.Count > 0;
        DelayDeactivation(isInUse ? Timeout.InfiniteTimeSpan : TimeSpan.Zero);
        Schedule(now);
    }

    private void Tell(SinkEvent sinkEvent) => _sinks.RemoveWhere(sink => !shared.Outbox.Enqueue(sink, sinkEvent));

    /// <summary>One timer for all that is due, and none for a room in which nothing is.</summary>
    private void Schedule(DateTimeOffset now)
    {
        var due = Earlier(Earlier(_room.Roster.NextUpdate, _room.NextTypingEnd), Earlier(NextSave, NextDrop));
        if (due is null)
        {
            _timer?.Dispose();
            _timer = null;
            return;
        }

        var wait = due.Value > now ? due.Value - now : TimeSpan.Zero;
        if (_timer is not null)
        {
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
            return;
        }

        // Interleaving, so that no call waits while the members are written.
        _timer = this.RegisterGrainTimer(
            static (grain, _) => grain.OnDueAsync(), this, new GrainTimerCreationOptions(wait, Timeout.InfiniteTimeSpan) { Interleave = true });
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? a, DateTimeOffset? b) => a is null || b < a ? b : a;

    private async Task OnDueAsync()
    {
        var now = Now;
        _room.ExpireTyping(now);
        DropOverdue(now);
        if (NextSave <= now)
        {
            _saving = SaveAsync(WritesPerSave);
            Settle();
            await _saving;
        }

        Settle();
    }
}
