namespace Presence.Gateway.Authentication;

/// <summary>Lets anybody in as anybody. At an upgrade and a call by HTTP, where no user is named, the token is the user id and carries all scopes.</summary>
internal sealed class DevelopmentAuthenticator(int maxUserIdLength, ILogger<DevelopmentAuthenticator> logger) : IAuthenticator
{
    public ValueTask<Identity?> AuthenticateAsync(string token, string? userId, CancellationToken cancellationToken)
    {
        var reason = token.Length == 0 ? TokenRefusal.Empty
            : CompactToken.IsTooLong(token) ? TokenRefusal.TooLong
            : !UserIdRule.IsKept(userId ?? token, maxUserIdLength) ? TokenRefusal.Subject
            : TokenRefusal.None;

        if (reason == TokenRefusal.None)
        {
            var scopes = userId is null ? Scopes.Server | Scopes.Admin : Scopes.None;
            return new(new Identity(userId ?? token, ExpiresAt: null, Watch: null, Rooms: null, scopes));
        }

        logger.TokenRefused(reason);
        return new((Identity?)null);
    }
}
