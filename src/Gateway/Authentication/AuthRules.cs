using System.Text;
using Presence.Grains.Settings;

namespace Presence.Gateway.Authentication;

/// <summary>Which settings of <see cref="AuthOptions"/> go together. Never shows the shared secret.</summary>
internal static class AuthRules
{
    private const string Section = "Presence:Auth:";
    private const int MinSecretBytes = 32;

    // Fewer different characters than random text of this length ever has: "secretsecret…", "0123012301230123…".
    private const int MinSecretVariety = 10;

    // Long enough to pass for a secret, and printed in documentation that everybody copies from.
    private static readonly string[] PublicSecrets =
    [
        "a-string-secret-at-least-256-bits-long",
        "a-valid-string-secret-that-is-at-least-512-bits-long-which-is-very-long",
        "super-secret-jwt-token-with-at-least-32-characters-long",
        "your-super-secret-jwt-token-with-at-least-32-characters-long",
        "your-256-bit-secret-your-256-bit-secret",
        "this-is-a-very-long-secret-key-for-jwt",
        "abcdefghijklmnopqrstuvwxyz123456",
        "abcdefghijklmnopqrstuvwxyz012345",
        "0123456789abcdef0123456789abcdef",
        "change-me-change-me-change-me-change-me",
    ];

    /// <summary>Whether a secret that is long enough is one that others may think of: it works, and is warned of.</summary>
    public static bool IsEasilyGuessed(string secret) =>
        PublicSecrets.Contains(secret, StringComparer.OrdinalIgnoreCase) || secret.Distinct().Count() < MinSecretVariety;

    public static void Check(AuthOptions options, SettingsErrors errors, IHostEnvironment environment)
    {
        // With a wrong Mode nobody knows which rules were meant.
        if (errors.Contains(Section + nameof(options.Mode)))
        {
            return;
        }

        if (options.Mode == AuthMode.Jwt)
        {
            CheckJwt(options, errors);
        }
        else if (IsProduction(environment) && !options.Insecure)
        {
            errors.AddLine(
                Section + nameof(options.Mode),
                "Presence:Auth:Mode is \"Development\", which lets anybody in as anybody, and the environment is Production; "
                + "set Presence:Auth:Mode to Jwt, or Presence:Auth:Insecure to true if this is meant.");
        }
    }

    /// <summary>An empty name counts too: it is what a variable that was never filled in leaves of the name.</summary>
    private static bool IsProduction(IHostEnvironment environment) =>
        environment.IsProduction() || string.IsNullOrWhiteSpace(environment.EnvironmentName);

    private static void CheckJwt(AuthOptions options, SettingsErrors errors)
    {
        CheckNeeded(nameof(options.Issuer), options.Issuer, "be the iss of every token when Presence:Auth:Mode is Jwt", errors);
        CheckNeeded(nameof(options.Audience), options.Audience, "be an aud of every token when Presence:Auth:Mode is Jwt", errors);
        CheckKeySource(options, errors);
        CheckSecret(options.SharedSecret, errors);
        CheckAlgorithm(options, errors);

        if (options.JwksFile.Length > 0 && !File.Exists(options.JwksFile))
        {
            errors.Add(Section + nameof(options.JwksFile), options.JwksFile, "be a file that exists");
        }

        if (options.JwksUrl.Length > 0 && !IsSafeUrl(options.JwksUrl))
        {
            errors.Add(Section + nameof(options.JwksUrl), options.JwksUrl, "be an https address; http is taken from this machine only");
        }
    }

    private static void CheckNeeded(string name, string value, string rule, SettingsErrors errors)
    {
        if (value.Length == 0)
        {
            errors.Add(Section + name, value, rule);
        }
    }

    private static void CheckKeySource(AuthOptions options, SettingsErrors errors)
    {
        (string Name, string Value)[] sources =
        [
            (nameof(options.SharedSecret), options.SharedSecret),
            (nameof(options.JwksFile), options.JwksFile),
            (nameof(options.JwksUrl), options.JwksUrl),
        ];
        string[] given = [.. sources.Where(source => source.Value.Length > 0).Select(source => Section + source.Name)];
        if (given.Length != 1)
        {
            errors.AddLine(
                Section,
                $"{(given.Length == 0 ? "No key source is set" : string.Join(" and ", given) + " are set")}; mode Jwt needs exactly one of "
                + $"{string.Join(", ", sources.Select(source => Section + source.Name))}.");
        }
    }

    private static void CheckSecret(string secret, SettingsErrors errors)
    {
        const string Key = Section + nameof(AuthOptions.SharedSecret);
        if (secret.Length == 0)
        {
            return;
        }

        if (Encoding.UTF8.GetByteCount(secret) < MinSecretBytes)
        {
            errors.AddLine(Key, $"{Key} is too short; it must be at least {MinSecretBytes} bytes of random text.");
        }
    }

    private static void CheckAlgorithm(AuthOptions options, SettingsErrors errors)
    {
        const string Key = Section + nameof(AuthOptions.Algorithm);
        if (options.PinnedAlgorithm is not ("HS256" or "RS256" or "ES256"))
        {
            errors.Add(Key, options.Algorithm, "be HS256, RS256 or ES256");
        }
        else if (options.PinnedAlgorithm == "HS256" != options.SharedSecret.Length > 0)
        {
            errors.Add(Key, options.Algorithm, "be HS256 with Presence:Auth:SharedSecret, and RS256 or ES256 with a key set");
        }
    }

    private static bool IsSafeUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url)
        && url.UserInfo.Length == 0
        && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback));
}
