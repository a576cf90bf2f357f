using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Presence.Grains.Settings;

/// <summary>Hands the settings to the services of a process.</summary>
public static class SettingsRegistration
{
    /// <summary>Registers each options object as <see cref="IOptions{TOptions}"/> and all of them as <see cref="PresenceSettings"/>, and logs the warnings when the host starts.</summary>
    public static IServiceCollection AddPresenceSettings(this IServiceCollection services, PresenceSettings settings)
    {
        foreach (var (type, options) in settings.Options)
        {
            services.AddSingleton(
                typeof(IOptions<>).MakeGenericType(type),
                Activator.CreateInstance(typeof(OptionsWrapper<>).MakeGenericType(type), options)!);
        }

        return services.AddSingleton(settings).AddSingleton<IHostedService>(
            provider => new SettingsWarnings(settings, provider.GetRequiredService<ILogger<SettingsWarnings>>()));
    }
}

internal sealed partial class SettingsWarnings(PresenceSettings settings, ILogger<SettingsWarnings> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var warning in settings.Warnings)
        {
            Log.UnknownKey(logger, warning);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Ids 1900 to 1909.
    private static partial class Log
    {
        [LoggerMessage(1900, LogLevel.Warning, "{Warning}")]
        public static partial void UnknownKey(ILogger logger, string warning);
    }
}
