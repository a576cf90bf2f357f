using System.Globalization;

namespace Presence.Grains.Settings;

/// <summary>A setting as it is in force in this process.</summary>
/// <param name="Key">The whole key, for example <c>Presence:GracePeriod</c>.</param>
/// <param name="Value">As it would be written; of a secret only <c>set</c> or <c>not set</c>.</param>
/// <param name="Default">What holds when it is not set.</param>
/// <param name="IsSet">Whether the configuration has it.</param>
/// <param name="IsSecret">Whether the value is hidden.</param>
public sealed record EffectiveSetting(string Key, string Value, string Default, bool IsSet, bool IsSecret)
{
    /// <summary>A value as one writes it; empty for what is empty.</summary>
    public static string Text(object? value) => value switch
    {
        TimeSpan duration => Duration.Format(duration),
        bool flag => flag ? "true" : "false",
        string[] items => string.Join(',', items),
        IReadOnlyDictionary<string, int> numbers => string.Join(", ", numbers.Select(number => $"{number.Key} {number.Value}")),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
