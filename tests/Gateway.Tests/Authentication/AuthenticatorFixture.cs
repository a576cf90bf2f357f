using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Presence.Gateway.Authentication;
using Presence.Grains.Settings;

namespace Presence.Gateway.Tests.Authentication;

/// <summary>The authenticator as a gateway has it, from settings to log lines, with a clock that stands still.</summary>
internal sealed class AuthenticatorFixture : IDisposable
{
    private readonly ServiceProvider _services;
    private readonly LogLines _log = new();

    public AuthenticatorFixture(params (string Key, string Value)[] auth)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(auth.ToDictionary(pair => "Presence:Auth:" + pair.Key, pair => (string?)pair.Value)).Build();
        var settings = PresenceSettings.Read(
            configuration, new HostingEnvironment { EnvironmentName = "Test" }, typeof(GatewayOptions), typeof(AuthOptions));

        _services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(_log).SetMinimumLevel(LogLevel.Trace))
            .AddSingleton<TimeProvider>(Time)
            .AddPresenceSettings(settings)
            .AddPresenceAuthentication()
            .BuildServiceProvider();
    }

    public FakeTimeProvider Time { get; } = new(Forge.Now);

    public IReadOnlyList<(EventId Id, LogLevel Level, string Text)> Log => _log.Lines;

    public static AuthenticatorFixture Jwt(params (string Key, string Value)[] auth) =>
        new([("Mode", "Jwt"), ("Issuer", Forge.Issuer), ("Audience", Forge.Audience), .. auth]);

    public ValueTask<Identity?> AuthenticateAsync(string token, string? userId = null) =>
        _services.GetRequiredService<IAuthenticator>().AuthenticateAsync(token, userId, CancellationToken.None);

    /// <summary>What the log calls the refusal, or "None" for a good token.</summary>
    public async Task<string> RefusalAsync(string token, string? userId = Forge.User)
    {
        var before = _log.Lines.Count(line => line.Id.Id == 2410);
        if (await AuthenticateAsync(token, userId) is not null)
        {
            return "None";
        }

        var line = _log.Lines.Where(line => line.Id.Id == 2410).Skip(before).Single();
        return line.Text.Split(": ")[1].TrimEnd('.');
    }

    public Task StartAsync() => Task.WhenAll(
        _services.GetServices<IHostedService>().Select(service => service.StartAsync(CancellationToken.None)));

    public void Dispose() => _services.Dispose();

    private sealed class LogLines : ILoggerProvider, ILogger
    {
        private readonly List<(EventId, LogLevel, string)> _lines = [];

        public IReadOnlyList<(EventId Id, LogLevel Level, string Text)> Lines
        {
            get
            {
                lock (_lines)
                {
                    return [.. _lines];
                }
            }
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lines)
            {
                _lines.Add((eventId, logLevel, formatter(state, exception)));
            }
        }

        public void Dispose()
        {
        }
    }
}
