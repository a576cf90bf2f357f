using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Presence.Grains.Tests;

public sealed class SinkPumpTests : ISinkTransport, IDisposable
{
    private static readonly SiloLife Silo = new("10.0.0.1:11111", 7);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly FakeTimeProvider _clock = new();
    private readonly BlockingCollection<SinkBatch> _batches = [];
    private readonly SinkPump _pump;
    private Func<SinkBatch, ValueTask> _publish = _ => ValueTask.CompletedTask;

    public SinkPumpTests() => _pump = new("sink", new(
        Silo, this, _clock, new(_services.GetRequiredService<IMeterFactory>()), NullLogger.Instance));

    [Fact]
    public void Offer_WhileABatchIsUnderWay_TheRestFollowsInOrder()
    {
        var acknowledged = HoldFirst();
        Offer(0);
        var first = Take();
        for (var i = 1; i <= 2_500; i++)
        {
            Offer(i);
        }

        acknowledged.SetResult();

        SinkBatch[] batches = [first, Take(), Take(), Take()];
        Assert.Equal([1, 1_000, 1_000, 500], batches.Select(batch => batch.Events.Length));
        Assert.Equal([1, 2, 3, 4], batches.Select(batch => batch.Sequence));
        Assert.All(batches, batch => Assert.Equal(Silo, batch.Silo));
        Assert.Equal(Enumerable.Range(0, 2_501).Select(Event), batches.SelectMany(batch => batch.Events));
    }

    [Fact]
    public void Publish_Fails_SequenceIsUsedUpAndTheNextBatchGoesOut()
    {
        _publish = batch => batch.Sequence switch
        {
            1 => throw new IOException("at once"),
            2 => ValueTask.FromException(new IOException("later")),
            _ => ValueTask.CompletedTask,
        };
        foreach (var i in (int[])[1, 2, 3])
        {
            Offer(i);
            Assert.Equal((i, Event(i)), (Take().Sequence, Event(i)));
        }
    }

    [Fact]
    public void Offer_TooManyWait_BacklogIsDroppedAndTheGapShows()
    {
        var acknowledged = HoldFirst();
        Offer(0);
        Take();
        for (var i = 1; i <= SinkPump.MaxWaiting + 1; i++)
        {
            Offer(i);
        }

        acknowledged.SetResult();

        var next = Take();
        Assert.Equal(3, next.Sequence);
        Assert.Equal([Event(SinkPump.MaxWaiting + 1)], next.Events);
    }

    [Fact]
    public void Acknowledged_TooLate_BacklogIsDroppedAndAnEmptyBatchShowsTheGap()
    {
        var acknowledged = HoldFirst();
        Offer(0);
        Take();
        Offer(1);
        _clock.Advance(SinkPump.MaxAge + TimeSpan.FromTicks(1));

        acknowledged.SetResult();

        var next = Take();
        Assert.Equal(3, next.Sequence);
        Assert.Empty(next.Events);
    }

    [Fact]
    public void Beat_NothingSentSinceTheLast_SendsAnEmptyBatch()
    {
        Offer(0);
        Take();

        // A beat that comes while the first batch is still being noted as sent adds none.
        SinkBatch? beat;
        do
        {
            _pump.Beat();
        }
        while (!_batches.TryTake(out beat, TimeSpan.FromMilliseconds(100)));

        Assert.Equal(2, beat.Sequence);
        Assert.Empty(beat.Events);
    }

    [Fact]
    public void Offer_SinkHasEnded_SaysSo()
    {
        _pump.End();

        Assert.False(_pump.Offer(Event(0)));
    }

    public void Dispose()
    {
        _batches.Dispose();
        _services.Dispose();
    }

    bool ISinkTransport.MayLose => true;

    ValueTask ISinkTransport.PublishAsync(string sink, SinkBatch batch)
    {
        _batches.Add(batch);
        return _publish(batch);
    }

    private static ConnectionReplaced Event(int number) => new($"connection {number}");

    private void Offer(int number) => Assert.True(_pump.Offer(Event(number)));

    private TaskCompletionSource HoldFirst()
    {
        var acknowledged = new TaskCompletionSource();
        _publish = batch => batch.Sequence == 1 ? new(acknowledged.Task) : ValueTask.CompletedTask;
        return acknowledged;
    }

    private SinkBatch Take()
    {
        Assert.True(_batches.TryTake(out var batch, TimeSpan.FromSeconds(30)));
        return batch;
    }
}
