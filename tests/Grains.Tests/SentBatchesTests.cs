using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Presence.Grains.Tests;

public class SentBatchesTests
{
    private static readonly SiloLife Silo = new("10.0.0.1:11111", 7);

    private readonly FakeTimeProvider _clock = new();
    private readonly SentBatches _sent;

    public SentBatchesTests() => _sent = new(_clock);

    [Fact]
    public void Find_AllAreThere_ComeInOrder()
    {
        Add(1, 5);

        Assert.Equal([2, 3, 4], _sent.Find(2, 4)!.Select(batch => batch.Sequence));
        Assert.Null(_sent.Find(4, 6));
    }

    [Fact]
    public void Find_OneNumberWasNeverSent_NothingComes()
    {
        Add(1, 2);
        Add(4, 5);

        Assert.Null(_sent.Find(2, 4));
    }

    [Fact]
    public void Add_TooMany_TheOldestAreForgotten()
    {
        Add(1, SentBatches.MaxBatches + 1);

        Assert.Null(_sent.Find(1, 2));
        Assert.Equal(SentBatches.MaxBatches, _sent.Find(2, SentBatches.MaxBatches + 1)!.Length);
    }

    [Fact]
    public void Add_TooManyEvents_TheOldestAreForgotten()
    {
        var half = SentBatches.MaxEvents / 2;
        Add(1, 2, half);
        Assert.NotNull(_sent.Find(1, 2));

        Add(3, 3, events: 1);

        Assert.Null(_sent.Find(1, 1));
        Assert.NotNull(_sent.Find(2, 3));
    }

    [Fact]
    public void Add_TooOld_IsForgotten()
    {
        Add(1, 1);
        _clock.Advance(SentBatches.MaxAge);
        Add(2, 2);
        Assert.NotNull(_sent.Find(1, 2));

        _clock.Advance(TimeSpan.FromTicks(1));
        Add(3, 3);

        Assert.Null(_sent.Find(1, 1));
        Assert.NotNull(_sent.Find(2, 3));
    }

    private void Add(int from, int to, int events = 0)
    {
        for (var number = from; number <= to; number++)
        {
            _sent.Add(new(Silo, number, [.. Enumerable.Repeat<SinkEvent>(new ConnectionReplaced("connection"), events)]));
        }
    }
}
