using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Presence.Grains.Logs;
using Xunit;

namespace Presence.Grains.Tests.Logs;

/// <summary>What of a flood of failures reaches the log.</summary>
public sealed class BriefLogsTests : ILoggerProvider, ILogger
{
    private readonly List<string> _lines = [];
    private readonly FakeTimeProvider _clock = new();
    private readonly ServiceProvider _services;

    public BriefLogsTests()
    {
        var services = new ServiceCollection().AddSingleton<TimeProvider>(_clock).AddLogging(logging => logging.AddProvider(this));
        BriefLogs.Use(services);
        _services = services.BuildServiceProvider();
    }

    [Fact]
    public void Failures_OfOneKindOfOrleans_AreWrittenOnceInAnIntervalWithTheirNumber()
    {
        var logger = Make("Orleans.Persistence.RedisGrainStorage");
        for (var i = 0; i < 100; i++)
        {
            Fail(logger, 1, new TimeoutException());
        }

        _clock.Advance(BriefLogs.Interval);
        Fail(logger, 1, new TimeoutException());

        Assert.Equal(["1 TimeoutException", "1510 99 more failures like the next one (TimeoutException) were left out.", "1 TimeoutException"], _lines);
    }

    [Fact]
    public void Failures_OfOtherKinds_AreWritten()
    {
        var logger = Make("Orleans.Grain");
        Fail(logger, 1, new TimeoutException());
        Fail(logger, 2, new TimeoutException());
        Fail(logger, 1, new IOException());
        Fail(Make("Orleans.Runtime.Silo"), 1, new TimeoutException());

        Assert.Equal(4, _lines.Count);
    }

    [Fact]
    public void EverythingElse_IsWritten()
    {
        var (ours, theirs) = (Make("Presence.Grains.UserPresenceGrain"), Make("Orleans.Runtime.Silo"));
        for (var i = 0; i < 3; i++)
        {
            Fail(ours, 1, new TimeoutException());
            Fail(theirs, 2, exception: null);
        }

        Assert.Equal(6, _lines.Count);
    }

    public void Dispose() => _services.Dispose();

    ILogger ILoggerProvider.CreateLogger(string categoryName) => this;

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Add($"{eventId.Id} {exception?.GetType().Name ?? formatter(state, null)}");

    private static void Fail(ILogger logger, int eventId, Exception? exception) =>
        logger.Log(LogLevel.Error, eventId, "failed", exception, static (state, _) => state);

    private ILogger Make(string category) => _services.GetRequiredService<ILoggerFactory>().CreateLogger(category);
}
