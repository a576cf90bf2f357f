using System.Text.Json;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Presence.Gateway.Authentication;

/// <summary>Accepts signed JSON Web Tokens of one issuer, for one audience, by one algorithm.</summary>
/// <remarks>The signature is checked even where the header alone decides, so the time taken does not tell which check failed.</remarks>
internal sealed class JwtAuthenticator : IAuthenticator
{
    private static readonly JsonWebTokenHandler Handler = new() { MaximumTokenSizeInBytes = 8 * 1024 };

    private readonly TokenValidationParameters _parameters;
    private readonly TokenClaims _claims;
    private readonly ITokenKeys _keys;
    private readonly TimeProvider _time;
    private readonly ILogger<JwtAuthenticator> _logger;
    private readonly string _algorithm;

    public JwtAuthenticator(
        IOptions<AuthOptions> auth, IOptions<GatewayOptions> gateway, ITokenKeys keys, TimeProvider time, ILogger<JwtAuthenticator> logger)
    {
        (_keys, _time, _logger) = (keys, time, logger);
        _algorithm = auth.Value.PinnedAlgorithm;
        _claims = new(auth.Value.ClockSkew, gateway.Value.MaxUserIdLength);
        _parameters = new()
        {
            ValidAlgorithms = [_algorithm],
            ValidIssuer = auth.Value.Issuer,
            ValidAudience = auth.Value.Audience,
            IncludeTokenOnFailedValidation = false,

            // TokenClaims looks at the times themselves, by our clock.
            LifetimeValidator = static (_, expires, _, _) => expires is not null,
        };
    }

    public async ValueTask<Identity?> AuthenticateAsync(string token, string? userId, CancellationToken cancellationToken)
    {
        if (CompactToken.IsTooLong(token))
        {
            _logger.TokenRefused(TokenRefusal.TooLong);
            return null;
        }

        var (identity, reason) = await CheckAsync(token, userId, cancellationToken);
        if (identity is null)
        {
            _logger.TokenRefused(reason);
        }

        return identity;
    }

    private async ValueTask<(Identity?, TokenRefusal)> CheckAsync(string token, string? userId, CancellationToken cancellationToken)
    {
        try
        {
            var (headerJson, payload) = CompactToken.Read(token);
            var header = TokenHeader.Read(headerJson, _algorithm);
            var keys = await _keys.FindAsync(header.Kid, cancellationToken);
            var reason = await ValidateAsync(token, keys);
            reason = header.Refusal != TokenRefusal.None ? header.Refusal : reason;
            if (reason != TokenRefusal.None)
            {
                return (null, reason);
            }

            reason = _claims.Read(payload, userId, _time.GetUtcNow(), out var identity);
            return (identity, reason);
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException or ArgumentException)
        {
            // What was sent is no token: wrong base64, wrong JSON, text that is not Unicode.
            return (null, TokenRefusal.Malformed);
        }
    }

    private async ValueTask<TokenRefusal> ValidateAsync(string token, IReadOnlyList<SecurityKey> keys)
    {
        var parameters = _parameters.Clone();
        parameters.IssuerSigningKeyResolver = (_, _, _, _) => keys;
        var result = await Handler.ValidateTokenAsync(token, parameters);
        return result.IsValid ? TokenRefusal.None : result.Exception switch
        {
            SecurityTokenInvalidIssuerException => TokenRefusal.Issuer,
            SecurityTokenInvalidAudienceException => TokenRefusal.Audience,
            SecurityTokenInvalidLifetimeException or SecurityTokenNoExpirationException => TokenRefusal.Expiry,
            SecurityTokenMalformedException or ArgumentException => TokenRefusal.Malformed,
            _ => keys.Count == 0 ? TokenRefusal.Key : TokenRefusal.Signature,
        };
    }
}
