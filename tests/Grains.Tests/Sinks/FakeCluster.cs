using System.Collections.Concurrent;
using System.Reflection;
using Presence.Grains.Sinks;

namespace Presence.Grains.Tests.Sinks;

/// <summary>Leases and outboxes as a sink reaches them: they answer what a test says.</summary>
public class FakeCluster : DispatchProxy
{
    /// <summary>The factory to hand to a sink.</summary>
    internal static (IGrainFactory Factory, FakeCluster Cluster) Make()
    {
        var factory = Create<IGrainFactory, FakeCluster>();
        return (factory, (FakeCluster)(object)factory);
    }

    /// <summary>The answer to a beat, by the life.</summary>
    internal Func<string, BeatResult> Beat { get; set; } = _ => new(IsAlive: true, []);

    /// <summary>The answer to a beat that comes by a relay; null: as to any other.</summary>
    internal Func<string, BeatResult>? RelayedBeat { get; set; }

    /// <summary>The answer of an outbox, by its key, and the range.</summary>
    internal Func<string, long, long, SinkBatch[]?> Replay { get; set; } = (_, _, _) => null;

    /// <summary>The lives that have beaten, in order, with or without success.</summary>
    internal ConcurrentQueue<(string Life, bool IsFirst)> Beats { get; } = [];

    /// <summary>The lives that have beaten by a relay, with or without success.</summary>
    internal ConcurrentQueue<string> RelayedBeats { get; } = [];

    /// <summary>The lives that have ended.</summary>
    internal ConcurrentQueue<string> Ended { get; } = [];

    /// <summary>What outboxes were asked for.</summary>
    internal ConcurrentQueue<(string Outbox, string Sink, long From, long To)> Replays { get; } = [];

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => (targetMethod!.ReturnType, args) switch
    {
        (var type, [string life, ..]) when type == typeof(IGatewayGrain) => new FakeLease(life, this),
        (var type, _) when type == typeof(ILeaseRelayGrain) => new FakeRelay(this),
        (var type, [string outbox, ..]) when type == typeof(IOutboxGrain) => new FakeOutbox(outbox, this),
        _ => throw new NotSupportedException(targetMethod.Name),
    };

    private sealed class FakeRelay(FakeCluster cluster) : ILeaseRelayGrain
    {
        public ValueTask<BeatResult> BeatAsync(string life, BeatRequest request)
        {
            cluster.RelayedBeats.Enqueue(life);
            return ValueTask.FromResult((cluster.RelayedBeat ?? cluster.Beat)(life));
        }
    }

    private sealed class FakeLease(string life, FakeCluster cluster) : IGatewayGrain
    {
        public ValueTask<BeatResult> BeatAsync(BeatRequest request)
        {
            cluster.Beats.Enqueue((life, request.IsFirst));
            return ValueTask.FromResult(cluster.Beat(life));
        }

        public ValueTask EndAsync()
        {
            cluster.Ended.Enqueue(life);
            return ValueTask.CompletedTask;
        }

        public ValueTask<DateTimeOffset?> LostAtAsync() => throw new NotSupportedException();

        public ValueTask CheckAsync() => throw new NotSupportedException();
    }

    private sealed class FakeOutbox(string key, FakeCluster cluster) : IOutboxGrain
    {
        public ValueTask<SinkBatch[]?> ReplayAsync(string sink, long from, long to)
        {
            cluster.Replays.Enqueue((key, sink, from, to));
            return ValueTask.FromResult(cluster.Replay(key, from, to));
        }
    }
}

/// <summary>Writes down what a sink is told.</summary>
internal sealed class RecordingListener : ISinkListener
{
    public ConcurrentQueue<SinkEvent> Events { get; } = [];

    public ConcurrentQueue<(SiloLife Silo, bool IsSilent)> Recovered { get; } = [];

    public ConcurrentQueue<string> BegunAgain { get; } = [];

    public ConcurrentQueue<string> Sight { get; } = [];

    public DateTimeOffset BlindSince { get; private set; }

    /// <summary>What a recovery waits for.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>What cannot be taken in.</summary>
    public SinkEvent? Failing { get; set; }

    public void Deliver(SinkEvent sinkEvent, SiloLife silo)
    {
        if (sinkEvent == Failing)
        {
            throw new InvalidOperationException("A bug.");
        }

        Events.Enqueue(sinkEvent);
    }

    public Task RecoverAsync(SiloLife silo, bool isSilent, CancellationToken cancellationToken)
    {
        Recovered.Enqueue((silo, isSilent));
        return Gate;
    }

    public Task BeginAgainAsync(string life, Task heard, CancellationToken cancellationToken)
    {
        BegunAgain.Enqueue(life);
        return Task.CompletedTask;
    }

    public void Blind(DateTimeOffset since)
    {
        BlindSince = since;
        Sight.Enqueue("blind");
    }

    public void Sees() => Sight.Enqueue("sees");
}
