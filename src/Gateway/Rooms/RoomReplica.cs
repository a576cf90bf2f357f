using Presence.Gateway.Connections;
using Presence.Gateway.Protocol;
using Presence.Grains;

namespace Presence.Gateway.Rooms;

/// <summary>
/// What this gateway knows of one room, and who here hears of it. Kept up to date by what the room publishes, and asked for again when
/// something of that is missing.
/// </summary>
internal sealed partial class RoomReplica(string id, RoomReplicas replicas) : WheelEntry
{
    private readonly RoomCopy _copy = new(id);
    private readonly RoomSubscribers _subscribers = new();

    /// <summary>What came before the snapshot that it continues.</summary>
    private readonly List<RoomChanged> _early = [];
    private int _told;
    private bool _isRemoved;

    public string Id { get; } = id;

    /// <summary>Who joins and leaves here.</summary>
    public RoomMoves Moves { get; } = replicas.MovesOf(id);

    /// <summary>The version that is held; -1 before the first.</summary>
    public long Version => _copy.Version;

    /// <summary>Whether the room tells this gateway of every change, and none is missing.</summary>
    public bool IsAttached { get; private set; }

    /// <summary>How often the room has, or may have, forgotten this gateway's members.</summary>
    public int Forgotten { get; private set; }

    /// <summary>Whether it must be told of them again.</summary>
    public bool IsForgotten => Forgotten > _told;

    /// <summary>The call that attaches, while it runs.</summary>
    public Task? Attaching { get; set; }

    /// <returns>False when the replica was just let go: take a new one.</returns>
    public bool TryAdd(RoomSubscription subscription)
    {
        lock (this)
        {
            if (_isRemoved)
            {
                return false;
            }

            _subscribers.Add(subscription);
            return true;
        }
    }

    public void Remove(RoomSubscription subscription)
    {
        lock (this)
        {
            if (_subscribers.Remove(subscription))
            {
                replicas.Ended(subscription);
                if (_subscribers.Count == 0)
                {
                    replicas.Linger(this);
                }
            }
        }
    }

    /// <summary>Everybody who joined on this gateway.</summary>
    public List<RoomSubscription> Members()
    {
        lock (this)
        {
            return _subscribers.All.FindAll(subscription => subscription.IsMember);
        }
    }

    /// <summary>What is held may be old: changes wait until the room was asked.</summary>
    /// <param name="isForgotten">The room must be told of everybody who joined here.</param>
    public void Doubt(bool isForgotten)
    {
        lock (this)
        {
            IsAttached = false;
            Forgotten += isForgotten ? 1 : 0;
        }
    }

    /// <summary>Takes what the room said when it was asked.</summary>
    /// <param name="snapshot">What it said.</param>
    /// <param name="told">How often it had forgotten the members of whom it was told.</param>
    /// <returns>False when somebody who is held may be missing from it: ask again a little later.</returns>
    public bool TryAccept(RoomSnapshot snapshot, int told)
    {
        lock (this)
        {
            _told = Math.Max(_told, told);
            if (snapshot.IsSettling && Version >= 0)
            {
                return false;
            }

            var isRepair = Version >= 0 && Version != snapshot.Version;
            IsAttached = !IsForgotten;
            _copy.Reset(snapshot);
            if (isRepair)
            {
                _subscribers.All.ForEach(subscription => SendState(subscription, default, _copy.Count));
            }

            foreach (var change in _early)
            {
                Take(change);
            }

            _early.Clear();
            return true;
        }
    }

    /// <summary>Takes the next version.</summary>
    /// <returns>False when one is missing between: ask the room.</returns>
    public bool Apply(RoomChanged change)
    {
        lock (this)
        {
            if (IsAttached)
            {
                return Take(change);
            }

            _early.Add(change);
            return true;
        }
    }

    public void Tell(TypingChanged typing)
    {
        lock (this)
        {
            _subscribers.FanOut(typing);
        }
    }

    /// <summary>Completes when this version, or a later one, is held.</summary>
    /// <exception cref="TimeoutException">Nothing newer came for as long as <paramref name="patience"/>.</exception>
    public async Task ReachedAsync(long version, TimeSpan patience, TimeProvider clock)
    {
        while (true)
        {
            Task advanced;
            lock (this)
            {
                if (Version >= version)
                {
                    return;
                }

                advanced = _copy.Advanced;
            }

            await advanced.WaitAsync(patience, clock);
        }
    }

    /// <summary>Queues the room as it is held; from now on the connection hears of every change.</summary>
    /// <param name="subscription">Who is to hear.</param>
    /// <param name="id">Of the message that asked for it.</param>
    /// <param name="receipt">What the room answered to a join. Where it tells no roster nobody waits for a version that counts who has just come.</param>
    public void Begin(RoomSubscription subscription, RequestId id, RoomReceipt? receipt = null)
    {
        lock (this)
        {
            subscription.IsLive = true;
            SendState(subscription, id, receipt?.Version == Version && _copy.Tier >= RoomTier.Sampled ? receipt.Count : _copy.Count);
        }
    }

    /// <summary>Queues the room as it is held, for somebody who only asks.</summary>
    public void Show(SendQueue to, RequestId id)
    {
        lock (this)
        {
            var rest = _copy.State(isCount: false);
            to.Send(RoomFrames.StateHead(id, _copy.Count, rest), rest);
        }
    }

    protected internal override void OnDue()
    {
        lock (this)
        {
            if (_subscribers.Count == 0 && !_isRemoved)
            {
                _isRemoved = true;
                replicas.Forget(this);
            }
        }

        if (!_isRemoved && !IsAttached)
        {
            replicas.Repair(this);
        }
    }

    private bool Take(RoomChanged change)
    {
        if (change.Version <= Version)
        {
            return true;
        }

        if (change.Version != Version + 1)
        {
            IsAttached = false;
            return false;
        }

        var (isNewTier, isNewCount) = (change.Tier != _copy.Tier, change.Count != _copy.Count);
        _copy.Apply(change);
        replicas.Metrics.Updated(_subscribers.FanOut(change, isNewTier, isNewCount));
        return true;
    }

    private void SendState(RoomSubscription subscription, RequestId id, int count)
    {
        if (subscription.IsLive)
        {
            var rest = _copy.State(isCount: !subscription.WantsMembers);
            subscription.Queue.Send(RoomFrames.StateHead(id, count, rest), rest);
        }
    }
}
