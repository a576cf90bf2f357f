using System.Diagnostics.Metrics;
using System.Numerics;
using Presence.Gateway.Connections;

namespace Presence.Gateway.Http.Api;

/// <summary>What this gateway does right now, from its own metrics: the last whole second.</summary>
internal sealed class LiveFigures : WheelEntry, IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ConnectionRegistry _connections;
    private readonly TimingWheel _wheel;
    private readonly MeterListener _listener = new();
    private readonly Func<double> _sinceLast;
    private readonly long[] _durations = new long[64];
    private long _updates;
    private long _subscriptions;
    private long _rooms;
    private volatile Figures _last = new(0, 0, 0);

    public LiveFigures(ConnectionRegistry connections, TimingWheel wheel, TimeProvider clock)
    {
        (_connections, _wheel) = (connections, wheel);
        var since = clock.GetTimestamp();
        _sinceLast = () =>
        {
            var (before, now) = (since, clock.GetTimestamp());
            since = now;
            return clock.GetElapsedTime(before, now).TotalSeconds;
        };
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == GatewayMetrics.MeterName)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Count(instrument.Name, value));
        _listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Measure(instrument.Name, value));
        _listener.Start();
        wheel.Schedule(this, Second);
    }

    /// <summary>The figures now.</summary>
    public StatsAnswer Answer()
    {
        var online = new HashSet<string>(StringComparer.Ordinal);
        foreach (var connection in _connections.All)
        {
            if (connection.Session is { } session)
            {
                online.Add(session.UserId);
            }
        }

        var last = _last;
        return new(
            _connections.Count, online.Count, Interlocked.Read(ref _rooms), Interlocked.Read(ref _subscriptions), Math.Round(last.UpdatesPerSecond, 1),
            new(last.P50Ms, last.P99Ms));
    }

    public void Dispose()
    {
        _wheel.Cancel(this);
        _listener.Dispose();
    }

    protected internal override void OnDue()
    {
        var updates = Interlocked.Exchange(ref _updates, 0) / _sinceLast();
        var counts = Array.ConvertAll(Enumerable.Range(0, _durations.Length).ToArray(), i => Interlocked.Exchange(ref _durations[i], 0));
        _last = new(updates, Percentile(counts, 0.5), Percentile(counts, 0.99));
        _wheel.Schedule(this, Second);
    }

    private void Count(string instrument, long value)
    {
        switch (instrument)
        {
            case "presence.delivery.updates":
                Interlocked.Add(ref _updates, value);
                break;
            case "presence.gateway.subscriptions":
                Interlocked.Add(ref _subscriptions, value);
                break;
            case "presence.gateway.rooms":
                Interlocked.Add(ref _rooms, value);
                break;
        }
    }

    private void Measure(string instrument, double seconds)
    {
        if (instrument == "presence.delivery.duration")
        {
            Interlocked.Increment(ref _durations[BitOperations.Log2((ulong)(seconds * 1e6) + 1)]);
        }
    }

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

    private sealed record Figures(double UpdatesPerSecond, double P50Ms, double P99Ms);
}

/// <summary>What one gateway does right now.</summary>
/// <param name="Connections">Open sockets.</param>
/// <param name="UsersOnline">Users with a device here.</param>
/// <param name="Rooms">Rooms that somebody here is in or watches, or just did.</param>
/// <param name="Subscriptions">Subscriptions of all sockets.</param>
/// <param name="UpdatesPerSecond">Updates queued for sockets in the last whole second.</param>
/// <param name="DeliveryMs">How long updates of the last whole second waited until they were written.</param>
internal sealed record StatsAnswer(
    int Connections, int UsersOnline, long Rooms, long Subscriptions, double UpdatesPerSecond, PercentilesAnswer DeliveryMs);

/// <summary>Upper bounds in milliseconds, within a factor of two.</summary>
internal sealed record PercentilesAnswer(double P50, double P99);
