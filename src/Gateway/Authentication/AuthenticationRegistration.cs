using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Presence.Gateway.Authentication;

/// <summary>Chooses the authenticator by <see cref="AuthOptions"/>.</summary>
internal static class AuthenticationRegistration
{
    /// <summary>Needs the options of <see cref="AuthOptions"/> and <see cref="GatewayOptions"/>, already checked.</summary>
    public static IServiceCollection AddPresenceAuthentication(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(CreateKeys);
        services.AddSingleton(CreateAuthenticator);
        return services.AddHostedService<AuthenticationStart>();
    }

    private static IAuthenticator CreateAuthenticator(IServiceProvider services) =>
        services.GetRequiredService<IOptions<AuthOptions>>().Value.Mode == AuthMode.Jwt
            ? ActivatorUtilities.CreateInstance<JwtAuthenticator>(services)
            : ActivatorUtilities.CreateInstance<DevelopmentAuthenticator>(
                services, services.GetRequiredService<IOptions<GatewayOptions>>().Value.MaxUserIdLength);

    private static ITokenKeys CreateKeys(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<AuthOptions>>().Value;
        return options switch
        {
            { SharedSecret.Length: > 0 } => new SharedSecretKeys(options.SharedSecret),
            { JwksFile.Length: > 0 } => Create<JwksFileKeys>(options.JwksFile),
            _ => Create<JwksUrlKeys>(options.JwksUrl),
        };

        T Create<T>(string source) => ActivatorUtilities.CreateInstance<T>(services, source, options.PinnedAlgorithm);
    }
}

/// <summary>Says loudly that nobody is checked, or to little use. Asking for the authenticator also reads the keys before the first client comes.</summary>
internal sealed class AuthenticationStart(IAuthenticator authenticator, IOptions<AuthOptions> options, ILogger<AuthenticationStart> logger)
    : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (authenticator is DevelopmentAuthenticator)
        {
            logger.AuthenticationIsOff();
        }
        else if (options.Value.SharedSecret is { Length: > 0 } secret && AuthRules.IsEasilyGuessed(secret))
        {
            logger.SecretIsEasilyGuessed();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
