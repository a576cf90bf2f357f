namespace Presence.Grains.Settings;

/// <summary>Everything that is wrong with the settings, gathered so that one start shows all of it.</summary>
public sealed class SettingsErrors
{
    private const int MaxEcho = 64;

    private readonly List<string> _lines = [];
    private readonly HashSet<string> _keys = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>One line for each error, in the order in which they were found.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Whether this key is already known to be wrong.</summary>
    public bool Contains(string key) => _keys.Contains(key);

    /// <summary>Adds <c>key is "value"; it must rule.</c></summary>
    /// <param name="key">The whole key, for example <c>Presence:GracePeriod</c>.</param>
    /// <param name="value">What was found. Not for secrets.</param>
    /// <param name="rule">What follows "it must".</param>
    public void Add(string key, string value, string rule) => AddLine(key, $"{key} is \"{Echo(value)}\"; it must {rule}.");

    /// <summary>Adds a line of its own wording.</summary>
    public void AddLine(string key, string line)
    {
        _keys.Add(key);
        _lines.Add(line);
    }

    // One error stays one line, whatever the value holds.
    private static string Echo(string value)
    {
        var cut = value.Length > MaxEcho ? string.Concat(value.AsSpan(0, MaxEcho), "…") : value;
        return string.Concat(cut.Select(c => char.IsControl(c) ? ' ' : c));
    }
}
