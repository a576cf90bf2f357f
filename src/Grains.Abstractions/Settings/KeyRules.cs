namespace Presence.Grains.Settings;

/// <summary>Rules about single texts and between two settings, which may belong to different options classes.</summary>
internal static class KeyRules
{
    private static readonly (string Key, int Times, string Of)[] AtLeast =
    [
        // One lost ping must not cost a connection, and two lost renewals must not cost a gateway its users.
        ("Presence:HeartbeatTimeout", 2, "Presence:HeartbeatInterval"),
        ("Presence:LeaseDuration", 3, "Presence:LeaseRenewal"),
    ];

    /// <summary>Adds every broken rule whose settings were all read and right by themselves.</summary>
    public static void Check(IReadOnlyDictionary<string, object> values, SettingsErrors errors)
    {
        foreach (var (key, times, of) in AtLeast)
        {
            if (TryGet<TimeSpan>(key, out var value) && TryGet<TimeSpan>(of, out var other) && value < times * other)
            {
                errors.Add(
                    key,
                    Duration.Format(value),
                    $"be at least {times} times {of} ({Duration.Format(other)}), so at least {Duration.Format(times * other)}");
            }
        }

        if (TryGet<string>("Presence:ManagementUrl", out var url) && url.Length > 0 && !IsUrlWithPort(url))
        {
            errors.Add("Presence:ManagementUrl", url, "be empty or an http address with a port, such as http://localhost:8081");
        }

        if (TryGet<string[]>("Presence:AllowedOrigins", out var origins))
        {
            foreach (var origin in origins.Where(origin => !IsOrigin(origin)))
            {
                errors.Add("Presence:AllowedOrigins", origin, "hold origins as a browser sends them, such as https://chat.example.com");
            }
        }

        bool TryGet<T>(string key, out T value)
        {
            var isRight = values.TryGetValue(key, out var found) && !errors.Contains(key);
            value = isRight ? (T)found! : default!;
            return isRight;
        }
    }

    // Kestrel's own wildcards are no URIs: a host that stands for all addresses is looked at as any other name.
    private static bool IsUrlWithPort(string text)
    {
        var plain = text.Replace("://*:", "://any:", StringComparison.Ordinal).Replace("://+:", "://any:", StringComparison.Ordinal);
        return Uri.TryCreate(plain, UriKind.Absolute, out var url)
            && url.Scheme == Uri.UriSchemeHttp
            && url.UserInfo.Length == 0
            && url.PathAndQuery == "/"
            && plain.TrimEnd('/').EndsWith($":{url.Port}", StringComparison.Ordinal);
    }

    // Compared exactly at the upgrade, so one that no browser sends would only look as if it allowed something.
    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url)
        && url.Scheme is "http" or "https"
        && url.GetLeftPart(UriPartial.Authority) == text
        && url.UserInfo.Length == 0;
}
