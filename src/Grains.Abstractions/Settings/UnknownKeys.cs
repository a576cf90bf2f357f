using Microsoft.Extensions.Configuration;

namespace Presence.Grains.Settings;

/// <summary>Finds keys that nobody reads, most often misspelt ones.</summary>
internal static class UnknownKeys
{
    /// <summary>One line for each unknown key, naming the known key it is closest to. Values are never shown.</summary>
    /// <param name="configuration">Where keys are looked for.</param>
    /// <param name="known">The keys that somebody reads.</param>
    /// <param name="lists">The keys that may have numbered keys below them.</param>
    public static string[] Find(IConfiguration configuration, IEnumerable<string> known, IEnumerable<string> lists)
    {
        var names = new HashSet<string>(known, StringComparer.OrdinalIgnoreCase);
        var numbered = new HashSet<string>(lists, StringComparer.OrdinalIgnoreCase);
        return
        [
            .. Leaves(configuration.GetSection(PresenceSettings.Section))
                .Where(leaf => !names.Contains(leaf) && !IsItem(leaf))
                .Select(leaf => $"{leaf} is not a setting and changes nothing; the nearest one is {Nearest(leaf, names)}."),
        ];

        bool IsItem(string leaf) =>
            numbered.Contains(ConfigurationPath.GetParentPath(leaf) ?? "") && int.TryParse(ConfigurationPath.GetSectionKey(leaf), out _);
    }

    private static IEnumerable<string> Leaves(IConfigurationSection section) =>
        section.GetChildren().SelectMany(child => child.GetChildren().Any() ? Leaves(child) : [child.Path]);

    private static string? Nearest(string key, IEnumerable<string> names) =>
        names.MinBy(name => Distance(key.ToUpperInvariant(), name.ToUpperInvariant()));

    // Edit distance: how many letters must be added, dropped or replaced.
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var replaced = diagonal + (one[i - 1] == other[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[^1];
    }
}
