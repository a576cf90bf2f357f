using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Presence.Gateway.Connections;
using Xunit;

namespace Presence.Gateway.Tests.Connections;

public sealed class TimingWheelTests : IDisposable
{
    private const int TickMs = 25;

    private readonly FakeTimeProvider _clock = new();
    private readonly TimingWheel _wheel;

    public TimingWheelTests() => _wheel = new(_clock, NullLogger<TimingWheel>.Instance);

    public void Dispose() => _wheel.Dispose();

    /// <summary>Dues of several turns of the wheel, set at times that fall on a tick and between two.</summary>
    [Fact]
    public void Schedule_ThousandsOfEntries_EachFiresOnceNeverEarlyAndAtMostOneTickLate()
    {
        var random = new Random(7);
        var entries = new List<(Entry Entry, long Due)>();
        for (var i = 0; i < 5_000; i++)
        {
            var due = random.Next(0, 60_000);
            entries.Add((new(_wheel), _wheel.NowMs + due));
            _wheel.Schedule(entries[^1].Entry, Ms(due));
            Advance(random.Next(0, 3), stepMs: 1);
        }

        Advance(60_100, stepMs: 1);

        foreach (var (entry, due) in entries)
        {
            var fired = Assert.Single(entry.Fired);
            Assert.InRange(fired, due, due + TickMs);
        }
    }

    [Fact]
    public void Cancel_BeforeTheDeadline_NeverFires()
    {
        var (first, second, third) = (new Entry(_wheel), new Entry(_wheel), new Entry(_wheel));
        foreach (var entry in new[] { first, second, third })
        {
            _wheel.Schedule(entry, Ms(100));
        }

        _wheel.Cancel(second);
        _wheel.Cancel(second);
        Advance(1_000);

        Assert.Single(first.Fired);
        Assert.Empty(second.Fired);
        Assert.Single(third.Fired);
    }

    [Theory]
    [InlineData(100, 500)]
    [InlineData(500, 100)]
    public void Schedule_Again_TheLastDeadlineCounts(int first, int last)
    {
        var entry = new Entry(_wheel);
        _wheel.Schedule(entry, Ms(first));

        _wheel.Schedule(entry, Ms(last));
        Advance(1_000, stepMs: 5);

        Assert.InRange(Assert.Single(entry.Fired), last, last + TickMs);
    }

    [Theory]
    [InlineData(500, 100, 100)]
    [InlineData(100, 500, 100)]
    public void ScheduleNoLater_WithADeadline_TheEarlierCounts(int set, int noLater, int expected)
    {
        var entry = new Entry(_wheel);
        _wheel.Schedule(entry, Ms(set));

        _wheel.ScheduleNoLater(entry, Ms(noLater));
        Advance(1_000, stepMs: 5);

        Assert.InRange(Assert.Single(entry.Fired), expected, expected + TickMs);
    }

    [Fact]
    public void ScheduleNoLater_WithoutADeadline_SetsIt()
    {
        var entry = new Entry(_wheel);

        _wheel.ScheduleNoLater(entry, Ms(50));
        Advance(200, stepMs: 5);
        _wheel.ScheduleNoLater(entry, Ms(50));
        Advance(200, stepMs: 5);

        Assert.Equal(2, entry.Fired.Count);
    }

    [Fact]
    public void Schedule_FromOnDue_FiresAgainAtEachPeriod()
    {
        Entry entry = null!;
        entry = new(_wheel, () => _wheel.Schedule(entry, Ms(100)));
        _wheel.Schedule(entry, Ms(100));

        Advance(1_000, stepMs: 5);

        Assert.InRange(entry.Fired.Count, 8, 10);
        Assert.All(entry.Fired.Zip(entry.Fired.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 100, 100 + TickMs));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1_000)]
    public void Schedule_NowOrInThePast_FiresAtTheNextTick(int due)
    {
        var entry = new Entry(_wheel);
        Advance(25);

        _wheel.Schedule(entry, Ms(due));
        Assert.Empty(entry.Fired);
        Advance(25);

        Assert.Single(entry.Fired);
    }

    /// <summary>A suspended machine: what fell due meanwhile comes at once, what did not keeps its time.</summary>
    [Fact]
    public void Turn_AfterALongPauseOfTheClock_EverythingDueFiresOnceAndNothingElse()
    {
        int[] dues = [10, 24_000, 25_600, 26_000, 59_000, 60_000, 61_000, 90_000];
        var entries = dues.Select(_ => new Entry(_wheel)).ToArray();
        for (var i = 0; i < dues.Length; i++)
        {
            _wheel.Schedule(entries[i], Ms(dues[i]));
        }

        _clock.Advance(Ms(60_000));

        Assert.All(entries.Take(6), entry => Assert.Single(entry.Fired));
        Assert.All(entries.Skip(6), entry => Assert.Empty(entry.Fired));
        Advance(31_000, stepMs: 25);
        Assert.InRange(Assert.Single(entries[6].Fired), 61_000, 61_000 + TickMs);
        Assert.InRange(Assert.Single(entries[7].Fired), 90_000, 90_000 + TickMs);
    }

    [Fact]
    public void OnDue_Throws_TheOthersFireAndTheWheelTurnsOn()
    {
        var broken = new Entry(_wheel, () => throw new InvalidOperationException("broken"));
        var (same, later) = (new Entry(_wheel), new Entry(_wheel));
        _wheel.Schedule(same, Ms(100));
        _wheel.Schedule(broken, Ms(100));
        _wheel.Schedule(later, Ms(200));

        Advance(1_000);

        Assert.Single(broken.Fired);
        Assert.Single(same.Fired);
        Assert.Single(later.Fired);
    }

    [Fact]
    public async Task Schedule_FromManyThreadsWhileTurning_NoEntryIsLost()
    {
        const int Threads = 4;
        const int PerThread = 2_000;
        var all = Enumerable.Range(0, Threads * PerThread).Select(_ => new Entry(_wheel)).ToArray();

        var scheduling = Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < PerThread; i++)
            {
                var entry = all[(thread * PerThread) + i];
                _wheel.Schedule(entry, Ms(60_000));
                _wheel.ScheduleNoLater(entry, Ms(i % 100));
                if (i % 2 == 1)
                {
                    _wheel.Cancel(entry);
                    _wheel.Schedule(entry, Ms(i % 50));
                }
            }
        })).ToArray();
        while (!scheduling.All(task => task.IsCompleted))
        {
            Advance(25);
        }

        await Task.WhenAll(scheduling);
        Advance(1_000);

        // A thread that is kept from running lets each of the deadlines that it sets pass before it sets the next.
        Assert.All(all, (entry, i) => Assert.InRange(entry.Fired.Count, 1, i % 2 == 1 ? 3 : 2));
    }

    private static TimeSpan Ms(int ms) => TimeSpan.FromMilliseconds(ms);

    private void Advance(int ms, int stepMs = TickMs)
    {
        for (var done = 0; done < ms; done += stepMs)
        {
            _clock.Advance(Ms(Math.Min(stepMs, ms - done)));
        }
    }

    private sealed class Entry(TimingWheel wheel, Action? act = null) : WheelEntry
    {
        public List<long> Fired { get; } = [];

        protected internal override void OnDue()
        {
            Fired.Add(wheel.NowMs);
            act?.Invoke();
        }
    }
}
