using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Presence.Grains.Sinks;
using Xunit;

namespace Presence.Grains.Tests.Sinks;

/// <summary>Batches that are lost, doubled and out of order, silos that fall silent, and silos that go.</summary>
public sealed class SinkFeedTests : IDisposable
{
    private static readonly SiloLife Silo = new("10.0.0.1:11111", 7);
    private static readonly SiloLife Other = new("10.0.0.2:11111", 8);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    private readonly FakeTimeProvider _clock = new();
    private readonly SinkIdentity _identity = new();
    private readonly RecordingListener _listener = new();
    private readonly FakeCluster _cluster;
    private readonly SinkFeed _feed;

    public SinkFeedTests()
    {
        (var grains, _cluster) = FakeCluster.Make();
        _feed = new(grains, _identity, _listener, _clock, NullLogger<SinkFeed>.Instance);
    }

    [Fact]
    public void Deliver_Doubled_IsHeardOnce()
    {
        Deliver(1, 2, 2, 1, 3);

        AssertHeard(1, 2, 3);
        Assert.Empty(_cluster.Replays);
    }

    [Fact]
    public void Deliver_AfterAGap_TheSiloThatSentItReplays()
    {
        _cluster.Replay = (_, from, to) => Batches(from, to);

        Deliver(1, 4, 5);

        Assert.Equal([($"{Silo.Address}@{Silo.Epoch}", _identity.Life, 2, 3)], _cluster.Replays);
        AssertHeard(1, 4, 2, 3, 5);
        Assert.Empty(_listener.Recovered);
    }

    [Fact]
    public void Deliver_WhatWasMissingComesLate_IsHeardOnce()
    {
        // The silo answers only after the batch itself has come.
        _cluster.Replay = (_, from, to) =>
        {
            Deliver(2);
            return Batches(from, to);
        };

        Deliver(1, 3);

        AssertHeard(1, 3, 2);
        Assert.Empty(_listener.Recovered);
    }

    [Fact]
    public void Deliver_WhatAnEarlierLifeMissedIsReplayed_TheNumbersOfTheNewLifeStillCount()
    {
        _cluster.Replay = (_, from, to) =>
        {
            _feed.Reset();
            return Batches(from, to);
        };
        Deliver(1, 4);

        Deliver(1, 2);

        AssertHeard(1, 4, 2, 3, 1, 2);
    }

    [Fact]
    public async Task Deliver_ABatchOfAnEarlierLifeComesLate_TheNumbersOfTheNewLifeStillCount()
    {
        var earlier = _feed.Hear();
        _feed.Reset();

        await earlier.DeliverAsync(new(Silo, 7, [Event(7)]));
        Deliver(1, 2);

        AssertHeard(1, 2);
        Assert.Empty(_cluster.Replays);
    }

    [Theory]
    [InlineData("gone")]
    [InlineData("silent")]
    [InlineData("some")]
    public void Deliver_AfterAGapThatNoReplayFills_TheOwnersAreAskedOnce(string answer)
    {
        _cluster.Replay = (_, from, _) => answer switch
        {
            "silent" => throw new TimeoutException(),
            "some" => Batches(from, from),
            _ => null,
        };

        Deliver(1, 4, 5, 2);

        Assert.Equal([(Silo, false)], _listener.Recovered);
        Assert.Single(_cluster.Replays);
        AssertHeard(1, 4, 5);
    }

    [Fact]
    public void Deliver_WhatIsReplayedCannotBeTakenIn_TheOwnersAreAskedAndTheNextGapIsSeenTo()
    {
        _cluster.Replay = (_, from, to) => Batches(from, to);
        _listener.Failing = Event(2);

        Deliver(1, 3);
        Assert.Equal([(Silo, false)], _listener.Recovered);

        Deliver(5);
        AssertHeard(1, 3, 5, 4);
    }

    [Fact]
    public void Deliver_AnotherGapWhileTheOwnersAreAsked_IsSeenToAsWell()
    {
        var answered = new TaskCompletionSource();
        _listener.Gate = answered.Task;
        Deliver(1, 3);
        _cluster.Replay = (_, from, to) => Batches(from, to);

        Deliver(5);
        answered.SetResult();

        Assert.Equal((4, 4), _cluster.Replays.Select(replay => (replay.From, replay.To)).Last());
        AssertHeard(1, 3, 5, 4);
    }

    [Fact]
    public void Check_OneSiloIsSilent_ItsUsersAreAskedForOnceEachTime()
    {
        Deliver(1);
        Deliver(Other, 1);
        for (var silences = 1; silences <= 2; silences++)
        {
            _clock.Advance(SinkFeed.SiloSilence);
            Deliver(Other, (2 * silences) + 1);
            _feed.Check();
            Assert.Equal(silences - 1, _listener.Recovered.Count(recovery => recovery.Silo == Silo));

            _clock.Advance(Tick);
            _feed.Check();
            _feed.Check();
            Assert.Equal(silences, _listener.Recovered.Count(recovery => recovery == (Silo, true)));

            Deliver(silences + 1);
            _feed.Check();
        }
    }

    [Fact]
    public void Check_ASiloThatIsNew_HasEightSecondsForItsFirstBatch()
    {
        _feed.Expect([Silo]);
        Assert.False(_feed.HearsAll);
        _clock.Advance(TimeSpan.FromSeconds(8));
        _feed.Check();
        Assert.Empty(_listener.Recovered);

        _clock.Advance(Tick);
        _feed.Check();

        Assert.Equal([(Silo, true)], _listener.Recovered);
        Deliver(1);
        Assert.True(_feed.HearsAll);
    }

    [Fact]
    public void Goodbye_ThenSilence_UsersAreAskedForWhenTheSiloIsGone()
    {
        Deliver(1);
        Deliver(new SinkBatch(Silo, 2, [], IsLast: true));
        _clock.Advance(SinkFeed.SiloSilence * 10);
        _feed.Check();
        _feed.Expect([Silo]);
        Assert.Empty(_listener.Recovered);

        _feed.Expect([Other]);

        Assert.Equal([(Silo, false)], _listener.Recovered);
    }

    [Fact]
    public void Expect_ASiloIsGoneWithoutAWord_ItsUsersAreAskedForOnce()
    {
        Deliver(1);
        _feed.Expect([]);
        _feed.Expect([]);
        _clock.Advance(SinkFeed.SiloSilence + Tick);
        _feed.Check();

        Assert.Equal([(Silo, true)], _listener.Recovered);
    }

    [Fact]
    public void Expect_ASiloWhoseSilenceWasSeenToIsGone_NobodyIsAskedAgain()
    {
        Deliver(1);
        _clock.Advance(SinkFeed.SiloSilence + Tick);
        _feed.Check();

        _feed.Expect([]);

        Assert.Single(_listener.Recovered);
    }

    [Fact]
    public void Epoch_AnotherOneAtTheSameAddress_CountsFromOne()
    {
        Deliver(1, 2);
        Deliver(Silo with { Epoch = Silo.Epoch + 1 }, 1);

        Assert.Equal(3, _listener.Events.Count);
        Assert.Empty(_cluster.Replays);
    }

    public void Dispose() => _feed.Dispose();

    private static ConnectionReplaced Event(long number) => new($"connection {number}");

    private static SinkBatch[] Batches(long from, long to) =>
        [.. Enumerable.Range((int)from, (int)(to - from + 1)).Select(number => new SinkBatch(Silo, number, [Event(number)]))];

    private void Deliver(params long[] numbers) => Deliver(Silo, numbers);

    private void Deliver(SiloLife silo, params long[] numbers)
    {
        foreach (var number in numbers)
        {
            Deliver(new SinkBatch(silo, number, [Event(number)]));
        }
    }

    private void Deliver(SinkBatch batch) => Assert.True(_feed.Hear().DeliverAsync(batch).AsTask().IsCompletedSuccessfully);

    private void AssertHeard(params long[] numbers) => Assert.Equal(numbers.Select(Event), _listener.Events);
}
