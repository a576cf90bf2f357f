using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Presence.Grains.Settings;
using Presence.Grains.Sinks;
using Xunit;

namespace Presence.Grains.Tests.Sinks;

/// <summary>When a life of a sink begins, holds and ends, and when what it shows is called stale.</summary>
public sealed partial class SinkSessionTests : ISinkSubscription, IDisposable
{
    private static readonly SiloLife Silo = new("10.0.0.1:11111", 7);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly FakeTimeProvider _clock = new();
    private readonly SinkIdentity _identity = new();
    private readonly RecordingListener _listener = new();
    private readonly ConcurrentQueue<string> _subscribed = [];
    private readonly FakeCluster _cluster;
    private readonly SinkFeed _feed;
    private readonly SinkSession _session;
    private readonly OwnPause _pause;
    private readonly string _firstLife;
    private bool _isHeard = true;
    private long _sequence;
    private DateTimeOffset _lastHeard;
    private string _hearing = "";
    private IPresenceSink _sink = null!;

    public SinkSessionTests()
    {
        (var grains, _cluster) = FakeCluster.Make();
        _cluster.Beat = _ => new(IsAlive: true, [Silo]);
        _firstLife = _identity.Life;
        _feed = new(grains, _identity, _listener, _clock, NullLogger<SinkFeed>.Instance);
        _pause = new(_clock);
        _session = new(grains, _identity, _feed, this, _listener, _pause, new PresenceOptions(), _clock, NullLogger<SinkSession>.Instance);
    }

    bool ISinkSubscription.SilosGoOn => true;

    [Fact]
    public async Task Start_ASiloIsNotHeardYet_WaitsForIt()
    {
        _isHeard = false;
        var starting = _session.StartAsync(default);
        for (var i = 0; i < 10; i++)
        {
            await PassAsync();
        }

        Assert.Single(_cluster.Beats);
        Assert.False(starting.IsCompleted);

        _isHeard = true;
        await UntilAsync(() => starting.IsCompleted);
    }

    [Fact]
    public async Task Start_ASiloIsNeverHeard_GoesOnWithoutIt()
    {
        _isHeard = false;
        var (starting, began) = (_session.StartAsync(default), _clock.GetUtcNow());

        await UntilAsync(() => starting.IsCompleted);

        Assert.True(_clock.GetUtcNow() - began >= TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task Beat_TheLeaseHolds_LifeGoesOnAndOnlyTheFirstBeatIsCalledSo()
    {
        await StartAsync();
        await UntilAsync(() => _cluster.Beats.Count >= 5);

        Assert.Equal([true, false, false, false, false], _cluster.Beats.Take(5).Select(beat => beat.IsFirst));
        Assert.All(_cluster.Beats, beat => Assert.Equal(_firstLife, beat.Life));
        Assert.Empty(_listener.Sight);
        Assert.Equal([_firstLife], _subscribed);
    }

    [Fact]
    public async Task Beat_TheLeaseIsLost_ANewLifeIsSubscribedGrantedAndToldOnce()
    {
        await StartAsync();
        _cluster.Beat = life => new(life != _firstLife, [Silo]);

        await UntilAsync(() => _cluster.Beats.Count(beat => beat.Life != _firstLife) >= 3);

        Assert.NotEqual(_firstLife, _identity.Life);
        Assert.Equal([_firstLife, _identity.Life], _subscribed);
        Assert.Equal([_identity.Life], _listener.BegunAgain);
        Assert.Equal((_identity.Life, true), _cluster.Beats.First(beat => beat.Life != _firstLife));
    }

    [Fact]
    public async Task Beat_TheStraightWayIsCut_GoesByTheRelayThatAnswered()
    {
        await StartAsync();
        _cluster.Beat = _ => throw new TimeoutException();
        _cluster.RelayedBeat = _ => new(IsAlive: true, [Silo]);
        await UntilAsync(() => !_cluster.RelayedBeats.IsEmpty);
        var (straight, relayed) = (_cluster.Beats.Count, _cluster.RelayedBeats.Count);

        await UntilAsync(() => _cluster.RelayedBeats.Count >= relayed + 3);

        Assert.Equal(straight, _cluster.Beats.Count);
        Assert.Equal(_firstLife, _identity.Life);

        _cluster.RelayedBeat = _ => throw new TimeoutException();
        _cluster.Beat = _ => new(IsAlive: true, [Silo]);
        await UntilAsync(() => _cluster.Beats.Count >= straight + 3);
        Assert.Equal(_firstLife, _identity.Life);
    }

    [Fact]
    public async Task Feed_IsSilentWhileTheClusterAnswers_ANewLifeBeginsAndItSeesAgain()
    {
        await StartAsync();
        _isHeard = false;

        await UntilAsync(() => _identity.Life != _firstLife);

        Assert.Equal("blind", _listener.Sight.First());
        Assert.InRange(_listener.BlindSince, _lastHeard - Step, _lastHeard + Step);
        Assert.True(_clock.GetUtcNow() - _lastHeard > TimeSpan.FromSeconds(10));

        _isHeard = true;
        await UntilAsync(() => _listener.Sight.Last() == "sees");
        Assert.Equal([_identity.Life], _listener.BegunAgain);
    }

    [Fact]
    public async Task Feed_IsSilentAndTheClusterToo_IsBlindButKeepsItsLife()
    {
        await StartAsync();
        _isHeard = false;
        _cluster.Beat = _ => throw new TimeoutException();
        var attempts = _cluster.Beats.Count;

        await UntilAsync(() => _cluster.Beats.Count >= attempts + 60);

        Assert.Equal(["blind"], _listener.Sight);
        Assert.Equal(_firstLife, _identity.Life);

        // It comes back within a few seconds, without a new life.
        (_isHeard, _cluster.Beat) = (true, _ => new(IsAlive: true, [Silo]));
        await UntilAsync(() => _listener.Sight.Last() == "sees");
        Assert.Equal(_firstLife, _identity.Life);
        Assert.Empty(_listener.BegunAgain);
    }

    [Fact]
    public async Task Process_IsPaused_ItsOwnSilenceIsNotTakenForThatOfTheSilos()
    {
        await StartAsync();

        await PauseAsync();

        Assert.Empty(_listener.Recovered);
        Assert.Empty(_listener.Sight);
        Assert.Equal(_firstLife, _identity.Life);

        // A silo that is silent from here on is noticed as ever.
        _isHeard = false;
        await UntilAsync(() => !_listener.Recovered.IsEmpty);
    }

    [Fact]
    public async Task Process_IsPausedForLongerThanItsLease_ANewLifeBeginsBeforeAnythingElse()
    {
        await StartAsync();

        await PauseAsync(() => _cluster.Beat = life => new(life != _firstLife, [Silo]));
        await UntilAsync(() => !_listener.BegunAgain.IsEmpty);

        Assert.Empty(_listener.Recovered);
        Assert.Equal([_identity.Life], _listener.BegunAgain);
    }

    [Fact]
    public async Task Stop_TheLifeIsEnded()
    {
        await StartAsync();
        var beats = _cluster.Beats.Count;

        await _session.StopAsync(default);

        Assert.Equal([_firstLife], _cluster.Ended);
        Assert.True(_cluster.Beats.Count > beats);
        Assert.Empty(_hearing);
    }

    public void Dispose()
    {
        _session.Dispose();
        _feed.Dispose();
        _pause.Dispose();
    }

    Task<IPresenceSinkObserver?> ISinkSubscription.SubscribeAsync(string life, IPresenceSink sink)
    {
        _subscribed.Enqueue(life);
        (_hearing, _sequence, _sink) = (life, 0, sink);
        return Task.FromResult<IPresenceSinkObserver?>(null);
    }

    Task ISinkSubscription.UnsubscribeAsync()
    {
        _hearing = "";
        return Task.CompletedTask;
    }
}
