using System.Globalization;

namespace Presence.Harness.Processes;

/// <summary>Reads the text that Prometheus reads.</summary>
public static class MetricsPage
{
    /// <summary>The sum of all series of this name.</summary>
    /// <param name="page">The text.</param>
    /// <param name="name">As the page spells it.</param>
    /// <param name="label">Only series whose labels contain this, such as <c>code="4013"</c>.</param>
    public static double Sum(string page, string name, string label = "") => page.Split('\n')
        .Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] is '{' or ' ')
        .Where(line => line.Contains(label, StringComparison.Ordinal))
        .Sum(ValueOf);

    private static double ValueOf(string line)
    {
        // After the labels come the value and, at times, when it was taken.
        var end = line.LastIndexOf('}');
        var rest = end < 0 ? line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..] : line[(end + 1)..];
        return double.Parse(rest.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture);
    }
}
