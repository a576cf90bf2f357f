using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Presence.Grains.Logs;

/// <summary>
/// Keeps Orleans from filling the log while Redis or another silo is away: it writes each failure with its stack, hundreds of lines a second.
/// Of each kind one is written every 10 s, and how many were left out. Nothing else is touched.
/// </summary>
internal sealed class BriefLogs(LoggerFactory all, TimeProvider clock) : ILoggerFactory
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    /// <summary>Puts it in the place of the logs that the host has.</summary>
    public static void Use(IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<LoggerFactory>();
        services.Replace(ServiceDescriptor.Singleton<ILoggerFactory, BriefLogs>());
    }

    public ILogger CreateLogger(string categoryName) =>
        categoryName.StartsWith("Orleans.", StringComparison.Ordinal)
            ? new BriefLogger(all.CreateLogger(categoryName), clock)
            : all.CreateLogger(categoryName);

    public void AddProvider(ILoggerProvider provider) => all.AddProvider(provider);

    public void Dispose() => all.Dispose();
}

/// <summary>Of failures of one kind, the same event with the same type of exception, one in each interval is written.</summary>
internal sealed partial class BriefLogger(ILogger all, TimeProvider clock) : ILogger
{
    private readonly ConcurrentDictionary<(int EventId, Type Exception), Kind> _kinds = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => all.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => all.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (exception is not null && IsEnabled(logLevel))
        {
            var kind = _kinds.GetOrAdd((eventId.Id, exception.GetType()), static _ => new());
            if (kind.IsLeftOut(clock, out var leftOut))
            {
                return;
            }

            if (leftOut > 0)
            {
                LeftOut(all, leftOut, exception.GetType().Name);
            }
        }

        all.Log(logLevel, eventId, state, exception, formatter);
    }

    [LoggerMessage(1510, LogLevel.Warning, "{Count} more failures like the next one ({Exception}) were left out.")]
    private static partial void LeftOut(ILogger logger, int count, string exception);

    private sealed class Kind
    {
        private long _writtenAt;
        private int _leftOut;

        /// <param name="clock">Of the intervals.</param>
        /// <param name="leftOut">How many were left out before this one, which is written.</param>
        public bool IsLeftOut(TimeProvider clock, out int leftOut)
        {
            lock (this)
            {
                leftOut = _leftOut;
                if (_writtenAt != 0 && clock.GetElapsedTime(_writtenAt) < BriefLogs.Interval)
                {
                    _leftOut++;
                    return true;
                }

                (_writtenAt, _leftOut) = (clock.GetTimestamp(), 0);
                return false;
            }
        }
    }
}
