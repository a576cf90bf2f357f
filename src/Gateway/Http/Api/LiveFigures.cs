using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Numerics;
using Presence.Gateway.Connections;

namespace Presence.Gateway.Http.Api;

/// <summary>What this process counts right now, from its own metrics: the last whole second, and sums since the start.</summary>
internal sealed class LiveFigures : WheelEntry, IDisposable
{
    private const string Changes = "presence.changes";

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly TimingWheel _wheel;
    private readonly MeterListener _listener = new();
    private readonly Func<double> _sinceLast;
    private readonly long[] _durations = new long[64];
    private readonly Dictionary<string, Sum> _sums = new(StringComparer.Ordinal)
    {
        ["presence.gateway.messages"] = new(),
        ["presence.gateway.subscriptions"] = new(),
        ["presence.gateway.rooms"] = new(),
        ["presence.delivery.updates"] = new(),
        [Changes] = new(),
    };
    private bool _hasOwners;
    private volatile Figures _last = new(0, 0, 0, new(0, 0, 0));

    public LiveFigures(TimingWheel wheel, TimeProvider clock)
    {
        _wheel = wheel;
        var since = clock.GetTimestamp();
        _sinceLast = () =>
        {
            var (before, now) = (since, clock.GetTimestamp());
            since = now;
            return clock.GetElapsedTime(before, now).TotalSeconds;
        };
        _listener.InstrumentPublished = Listen;
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, target) => ((ICounted)target!).Add(value, tags));
        _listener.SetMeasurementEventCallback<double>((_, seconds, _, _) => Measure(seconds));
        _listener.Start();
        wheel.Schedule(this, Second);
    }

    /// <summary>Of the last whole second.</summary>
    public Figures Last => _last;

    public long Subscriptions => _sums["presence.gateway.subscriptions"].Value;

    public long Rooms => _sums["presence.gateway.rooms"].Value;

    /// <summary>Sockets closed since the start, by close code.</summary>
    public ByTag Closes { get; } = new();

    /// <summary>Messages answered by an error since the start, by code.</summary>
    public ByTag Errors { get; } = new();

    public void Dispose()
    {
        _wheel.Cancel(this);
        _listener.Dispose();
    }

    protected internal override void OnDue()
    {
        var seconds = _sinceLast();
        var counts = Array.ConvertAll(Enumerable.Range(0, _durations.Length).ToArray(), i => Interlocked.Exchange(ref _durations[i], 0));
        _last = new(
            PerSecond("presence.gateway.messages"), PerSecond("presence.delivery.updates"), _hasOwners ? PerSecond(Changes) : null,
            new(Percentile(counts, 0.5), Percentile(counts, 0.95), Percentile(counts, 0.99)));
        _wheel.Schedule(this, Second);

        double PerSecond(string instrument) => Math.Round(_sums[instrument].Since() / seconds, 1);
    }

    private void Listen(Instrument instrument, MeterListener listener)
    {
        object? target = instrument.Name switch
        {
            "presence.delivery.duration" => _durations,
            "presence.gateway.closes" => Closes,
            "presence.gateway.rejections" => Errors,
            var name => _sums.GetValueOrDefault(name),
        };
        _hasOwners |= instrument.Name == Changes;
        if (target is not null)
        {
            listener.EnableMeasurementEvents(instrument, target);
        }
    }

    private void Measure(double seconds) => Interlocked.Increment(ref _durations[BitOperations.Log2((ulong)(seconds * 1e6) + 1)]);

    /// <summary>The upper bound, in milliseconds, of the power of two that holds the percentile; 0 without measurements.</summary>
    private static double Percentile(long[] counts, double share)
    {
        var rest = (long)Math.Ceiling(counts.Sum() * share);
        for (var i = 0; rest > 0; i++)
        {
            rest -= counts[i];
            if (rest <= 0)
            {
                return Math.Pow(2, i + 1) / 1000;
            }
        }

        return 0;
    }

    /// <summary>The last whole second.</summary>
    /// <param name="MessagesPerSecond">From clients.</param>
    /// <param name="UpdatesPerSecond">Queued for sockets.</param>
    /// <param name="ChangesPerSecond">Of what others can see; null when the owners are in other processes.</param>
    /// <param name="DeliveryMs">How long updates waited until they were written.</param>
    internal sealed record Figures(double MessagesPerSecond, double UpdatesPerSecond, double? ChangesPerSecond, PercentilesAnswer DeliveryMs);

    private interface ICounted
    {
        void Add(long value, ReadOnlySpan<KeyValuePair<string, object?>> tags);
    }

    private sealed class Sum : ICounted
    {
        private long _value;
        private long _before;

        public long Value => Interlocked.Read(ref _value);

        public void Add(long value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => Interlocked.Add(ref _value, value);

        /// <summary>How much came since the last call.</summary>
        public long Since()
        {
            var (before, now) = (_before, Value);
            _before = now;
            return now - before;
        }
    }

    /// <summary>Sums by the value of the one tag, which is a closed set.</summary>
    internal sealed class ByTag : ICounted
    {
        private readonly ConcurrentDictionary<string, long> _all = new(StringComparer.Ordinal);

        public IReadOnlyDictionary<string, long> All => _all;

        public void Clear() => _all.Clear();

        void ICounted.Add(long value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            _all.AddOrUpdate((string)tags[0].Value!, static (_, added) => added, static (_, held, added) => held + added, value);
    }
}
