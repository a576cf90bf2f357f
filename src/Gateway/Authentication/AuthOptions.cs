using Presence.Grains.Settings;

namespace Presence.Gateway.Authentication;

/// <summary>How users prove who they are; configuration section <c>Presence:Auth</c>.</summary>
[SettingsSection("Presence:Auth")]
public sealed class AuthOptions : ICheckedOptions
{
    /// <summary>Default <see cref="AuthMode.Development"/>, which Production refuses unless <see cref="Insecure"/> is set.</summary>
    public AuthMode Mode { get; set; } = AuthMode.Development;

    /// <summary>Allows <see cref="AuthMode.Development"/> in the Production environment. Default false.</summary>
    public bool Insecure { get; set; }

    /// <summary>Takes a token from the query string <c>access_token</c> too, where logs may keep it. Default false.</summary>
    public bool AllowQueryToken { get; set; }

    /// <summary>The <c>iss</c> that every token must have. Needed in mode Jwt.</summary>
    public string Issuer { get; set; } = "";

    /// <summary>The <c>aud</c> that every token must hold. Needed in mode Jwt.</summary>
    public string Audience { get; set; } = "";

    /// <summary>The one algorithm accepted: HS256, RS256 or ES256. Default HS256 with <see cref="SharedSecret"/>, else RS256.</summary>
    public string Algorithm { get; set; } = "";

    /// <summary>The key of HS256, at least 32 bytes in UTF-8.</summary>
    [Secret]
    public string SharedSecret { get; set; } = "";

    /// <summary>A JSON Web Key Set on disk; read again when it changes.</summary>
    public string JwksFile { get; set; } = "";

    /// <summary>A JSON Web Key Set by https; cached, and fetched again for an unknown key.</summary>
    public string JwksUrl { get; set; } = "";

    /// <summary>Refused tokens of one address in a minute; beyond that it is not heard for a minute. Default 20; 1 to 1,000,000.</summary>
    [Number(1, 1_000_000)]
    public int MaxFailuresPerMinute { get; set; } = 20;

    /// <summary>How far the clocks of issuer and gateway may differ. Default 30 s; 0 to 60 s.</summary>
    [Duration("0s", "60s")]
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The algorithm in force.</summary>
    internal string PinnedAlgorithm => (Algorithm, SharedSecret) switch
    {
        ("", "") => "RS256",
        ("", _) => "HS256",
        _ => Algorithm,
    };

    void ICheckedOptions.Check(SettingsErrors errors, IHostEnvironment environment) => AuthRules.Check(this, errors, environment);
}

/// <summary>How tokens are checked.</summary>
public enum AuthMode
{
    /// <summary>Any non-empty token is accepted. For a developer's own machine.</summary>
    Development,

    /// <summary>Signed JSON Web Tokens.</summary>
    Jwt,
}
