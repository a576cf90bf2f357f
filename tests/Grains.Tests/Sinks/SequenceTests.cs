using FsCheck;
using FsCheck.Fluent;
using Presence.Grains.Sinks;
using Xunit;

namespace Presence.Grains.Tests.Sinks;

public class SequenceTests
{
    private readonly Sequence _sequence = new();

    [Fact]
    public void Arrive_InOrder_NothingIsMissing()
    {
        Assert.Equal([Arrival.New, Arrival.New, Arrival.New], Arrive(1, 2, 3));
        Assert.Empty(_sequence.Missing);
        Assert.Equal(3, _sequence.Last);
    }

    [Fact]
    public void Arrive_AfterAGap_TheRangeIsMissingUntilItIsFilled()
    {
        Assert.Equal([Arrival.New, Arrival.AfterGap], Arrive(1, 6));
        Assert.Equal([(2, 5)], _sequence.Missing);

        Assert.Equal([Arrival.New, Arrival.Doubled], Arrive(3, 3));
        Assert.Equal([(2, 2), (4, 5)], _sequence.Missing);

        Assert.Equal([Arrival.New, Arrival.New, Arrival.New], Arrive(2, 5, 4));
        Assert.Empty(_sequence.Missing);
    }

    [Fact]
    public void Arrive_TheFirstIsNotTheFirst_WhatWentBeforeIsMissing()
    {
        Assert.Equal([Arrival.AfterGap], Arrive(3));
        Assert.Equal([(1, 2)], _sequence.Missing);
    }

    [Fact]
    public void Forget_WhatWasMissing_CountsAsDoubled()
    {
        Arrive(1, 4);
        _sequence.Forget();

        Assert.Empty(_sequence.Missing);
        Assert.Equal([Arrival.Doubled, Arrival.New], Arrive(2, 5));
    }

    [Fact]
    public void Arrive_WhateverComes_NewOnceAndTheRestIsMissing() => Prop.ForAll<byte[]>(numbers =>
    {
        var (sequence, seen) = (new Sequence(), new HashSet<long>());
        foreach (var number in numbers.Select(n => 1L + (n % 40)))
        {
            var isNew = seen.Add(number);

            Assert.Equal(isNew, sequence.Arrive(number) != Arrival.Doubled);

            var missing = sequence.Missing.SelectMany(range => Range(range.From, range.To)).ToArray();
            Assert.Equal(Range(1, seen.Max()).Where(n => !seen.Contains(n)), missing);
            Assert.Equal(seen.Max(), sequence.Last);
        }
    }).QuickCheckThrowOnFailure();

    private static IEnumerable<long> Range(long from, long to) => Enumerable.Range((int)from, (int)(to - from + 1)).Select(n => (long)n);

    private Arrival[] Arrive(params long[] numbers) => [.. numbers.Select(_sequence.Arrive)];
}
