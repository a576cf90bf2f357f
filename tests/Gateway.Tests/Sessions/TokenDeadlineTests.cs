using System.Diagnostics.Metrics;
using System.IO.Pipelines;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Presence.Gateway.Connections;
using Presence.Gateway.Sessions;
using Presence.Gateway.Tests.Connections;
using Xunit;

namespace Presence.Gateway.Tests.Sessions;

public sealed class TokenDeadlineTests : IDisposable
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly HookedClock _clock = new();
    private readonly TimingWheel _wheel;
    private readonly Connection _connection;
    private readonly TokenDeadline _deadline;

    public TokenDeadlineTests()
    {
        _wheel = new(_clock, NullLogger<TimingWheel>.Instance);
        var metrics = new GatewayMetrics(_services.GetRequiredService<IMeterFactory>(), new());
        var setup = new ConnectionSetup(new(), _clock, _wheel, new(metrics), metrics, null!, NullLogger<Connection>.Instance);
        _connection = new("connection", setup, new Pipe().Reader, new FakeWire(), () => { });
        _deadline = new(_connection, _wheel, _clock, Skew, _clock.GetUtcNow() + Life);
        _deadline.Start();
    }

    [Fact]
    public void NotStopped_ExpiresAfterTheSkew()
    {
        Advance(Life + Skew - TimingWheel.Tick);
        Assert.False(_connection.IsClosing);

        Advance(TimingWheel.Tick * 3);
        Assert.True(_connection.IsClosing);
    }

    /// <summary>The client answers the notice with a fresh token at once, before the wheel has set the next deadline of the old one.</summary>
    [Fact]
    public void Stopped_WhileTheNoticeIsSent_NeverExpires()
    {
        _clock.OnRead = _deadline.Stop;
        Advance(Life + Skew + TimeSpan.FromSeconds(5));

        Assert.False(_connection.IsClosing);
    }

    public void Dispose()
    {
        _wheel.Dispose();
        _services.Dispose();
    }

    private void Advance(TimeSpan time)
    {
        for (var done = TimeSpan.Zero; done < time; done += TimingWheel.Tick)
        {
            _clock.Advance(TimingWheel.Tick);
        }
    }

    private sealed class HookedClock : FakeTimeProvider
    {
        /// <summary>Somebody reads the time of day.</summary>
        public Action? OnRead { get; set; }

        public override DateTimeOffset GetUtcNow()
        {
            OnRead?.Invoke();
            return base.GetUtcNow();
        }
    }
}
