using System.Collections.Concurrent;
using System.Reflection;
using Presence.Grains;

namespace Presence.Gateway.Tests.Delivery;

/// <summary>The owners of all users, as a gateway reaches them.</summary>
public class FakeOwners : DispatchProxy
{
    private readonly ConcurrentDictionary<string, FakeOwnerGrain> _grains = new();

    /// <summary>The factory to hand to the gateway.</summary>
    internal static (IGrainFactory Factory, FakeOwners Owners) Make()
    {
        var factory = Create<IGrainFactory, FakeOwners>();
        return (factory, (FakeOwners)(object)factory);
    }

    /// <summary>What the leases of this gateway answer to a beat, by the life.</summary>
    internal Func<string, bool> Beat { get; set; } = _ => true;

    /// <summary>The room of this id.</summary>
    internal Func<string, IRoomGrain> Room { get; set; } = _ => throw new NotSupportedException();

    internal FakeOwnerGrain Of(string userId) => _grains.GetOrAdd(userId, id => new(id));

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        (targetMethod, args) switch
        {
            ({ Name: "GetGrain" } method, [string life, ..]) when method.ReturnType == typeof(IGatewayGrain) => new FakeLease(life, this),
            ({ Name: "GetGrain" } method, [string roomId, ..]) when method.ReturnType == typeof(IRoomGrain) => Room(roomId),
            ({ Name: "GetGrain" }, [string userId, ..]) => Of(userId),
            _ => throw new NotSupportedException(targetMethod?.Name),
        };

    private sealed class FakeLease(string life, FakeOwners owners) : IGatewayGrain
    {
        public ValueTask<BeatResult> BeatAsync(BeatRequest request) => ValueTask.FromResult(new BeatResult(owners.Beat(life), []));

        public ValueTask CheckAsync() => throw new NotSupportedException();

        public ValueTask EndAsync() => throw new NotSupportedException();

        public ValueTask<DateTimeOffset?> LostAtAsync() => throw new NotSupportedException();
    }
}

/// <summary>The owner of one user: answers what it is told to.</summary>
internal sealed class FakeOwnerGrain(string userId) : IUserPresenceGrain
{
    public static readonly SiloLife Silo = new("10.0.0.1:11111", 1);

    private int _watches;
    private int _unwatches;

    public UserPresence Shown { get; set; } = new(userId, PresenceStatus.Offline, null, 0);

    /// <summary>What calls wait for before they are answered.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>How each device of the user was announced.</summary>
    public ConcurrentQueue<ConnectRequest> Connects { get; } = [];

    /// <summary>What announcements wait for before they are answered.</summary>
    public Task ConnectGate { get; set; } = Task.CompletedTask;

    /// <summary>So many announcements get no answer.</summary>
    public int FailingConnects { get; set; }

    public int Watches => Volatile.Read(ref _watches);

    public int Unwatches => Volatile.Read(ref _unwatches);

    public async ValueTask<WatchResult> WatchAsync(string sink, long known)
    {
        Interlocked.Increment(ref _watches);
        await Gate;
        return new(Shown, Silo);
    }

    public ValueTask UnwatchAsync(string sink)
    {
        Interlocked.Increment(ref _unwatches);
        return ValueTask.CompletedTask;
    }

    public ValueTask<Explanation> ExplainAsync() => throw new NotSupportedException();

    public ValueTask<StatusTransition[]> GetTimelineAsync() => throw new NotSupportedException();

    /// <summary>What each class sees; null while the user is shown to all alike.</summary>
    public ClassViews? Views { get; set; }

    /// <summary>What viewers are to the user; who is not named is a stranger.</summary>
    public ConcurrentDictionary<string, ViewerClass> Classes { get; } = [];

    /// <summary>Who was asked for, call by call.</summary>
    public ConcurrentQueue<string[]> Questions { get; } = [];

    /// <summary>So many questions get no answer.</summary>
    public int FailingQuestions { get; set; }

    public async ValueTask<Classified> ClassifyAsync(string[] viewers)
    {
        Questions.Enqueue(viewers);
        await Gate;
        await (Questions.Count <= FailingQuestions ? Task.FromException(new TimeoutException()) : Task.CompletedTask);
        return new(Shown, Views, [.. viewers.Select(viewer => Classes.GetValueOrDefault(viewer))]);
    }

    public async ValueTask<ConnectResult> ConnectAsync(ConnectRequest request)
    {
        Connects.Enqueue(request);
        await (Connects.Count <= FailingConnects ? Task.FromException(new TimeoutException()) : ConnectGate);
        return new(Refusal.None, new(Shown.UserId, Shown.Status, null, Shown.Version, null, []), Shown.Status, Shown) { Order = 1, Silo = Silo };
    }

    /// <summary>The connections that were said to be gone.</summary>
    public ConcurrentQueue<string> Disconnects { get; } = [];

    /// <summary>What such a call waits for before it is answered.</summary>
    public Task DisconnectGate { get; set; } = Task.CompletedTask;

    public async ValueTask DisconnectAsync(string connectionId, DateTimeOffset lastProof)
    {
        Disconnects.Enqueue(connectionId);
        await DisconnectGate;
    }

    /// <summary>The statuses that were set.</summary>
    public ConcurrentQueue<SetStatusRequest> Statuses { get; } = [];

    public async ValueTask<SetStatusResult> SetStatusAsync(SetStatusRequest request)
    {
        Statuses.Enqueue(request);
        await Gate;
        return new(Refusal.None, request.Status, request.Status, TimeSpan.Zero);
    }

    public ValueTask<Refusal> SetClaimAsync(PresenceClaim claim) => throw new NotSupportedException();

    public ValueTask<Refusal> RemoveClaimAsync(string source) => throw new NotSupportedException();

    public ValueTask ActivityAsync(string connectionId) => throw new NotSupportedException();

    public ValueTask<UserPresence> GetAsync() => throw new NotSupportedException();

    public ValueTask<RoomMemberView?> EnterRoomAsync(string connectionId, string roomId) =>
        ValueTask.FromResult<RoomMemberView?>(new(Shown.Status, Shown.Status, Shown.Version));

    public ValueTask ExitRoomAsync(string deviceId, string roomId) => ValueTask.CompletedTask;

    public ValueTask ReturnToRoomsAsync(string connectionId, string[] roomIds) => ValueTask.CompletedTask;

    public ValueTask LoseConnectionsAsync(string life, DateTimeOffset lastBeat) => throw new NotSupportedException();
}
