using System.Text.Json;
using System.Text.RegularExpressions;

namespace Presence.Conformance;

/// <summary>Compares what came with what a line awaits. Every field counts: one too many is as wrong as one that is missing.</summary>
internal sealed partial class Expected
{
    private readonly Dictionary<(string Name, int Number), long> _versions = [];

    /// <summary>What is wrong with a frame; null when it is as awaited.</summary>
    public string? Difference(string expected, string actual)
    {
        if (!expected.StartsWith('{') || !actual.StartsWith('{'))
        {
            return expected == actual ? null : $"awaited {expected}, got {actual}";
        }

        using var awaited = JsonDocument.Parse(expected);
        using var came = JsonDocument.Parse(actual);
        List<((string Name, int Number) Label, long Value)> versions = [];
        var difference = Compare("", awaited.RootElement, came.RootElement, versions) ?? CheckVersions(versions);
        if (difference is null)
        {
            versions.ForEach(version => _versions[version.Label] = version.Value);
        }

        return difference;
    }

    private static string? Compare(
        string path, JsonElement expected, JsonElement actual, List<((string Name, int Number) Label, long Value)> versions) => expected.ValueKind switch
        {
            JsonValueKind.String when Placeholder().IsMatch(expected.GetString()!) => CompareKind(path, expected.GetString()!, actual, versions),
            _ when expected.ValueKind != actual.ValueKind => $"{path} is {actual.GetRawText()}, not {expected.GetRawText()}",
            JsonValueKind.Object => CompareFields(path, expected, actual, versions),
            JsonValueKind.Array => CompareItems(path, expected, actual, versions),
            JsonValueKind.String => expected.GetString() == actual.GetString() ? null : $"{path} is \"{actual.GetString()}\", not \"{expected.GetString()}\"",
            _ => expected.GetRawText() == actual.GetRawText() ? null : $"{path} is {actual.GetRawText()}, not {expected.GetRawText()}",
        };

    private static string? CompareFields(
        string path, JsonElement expected, JsonElement actual, List<((string Name, int Number) Label, long Value)> versions)
    {
        var (awaited, came) = (expected.EnumerateObject().ToList(), actual.EnumerateObject().ToList());
        var unlike = awaited.Select(p => p.Name).Except(came.Select(p => p.Name)).Select(name => $"{path}.{name} is missing")
            .Concat(came.Select(p => p.Name).Except(awaited.Select(p => p.Name)).Select(name => $"{path}.{name} is not awaited"))
            .FirstOrDefault();
        return unlike ?? awaited.Select(p => Compare($"{path}.{p.Name}", p.Value, actual.GetProperty(p.Name), versions)).FirstOrDefault(d => d is not null);
    }

    private static string? CompareItems(
        string path, JsonElement expected, JsonElement actual, List<((string Name, int Number) Label, long Value)> versions) =>
        expected.GetArrayLength() != actual.GetArrayLength()
            ? $"{path} has {actual.GetArrayLength()} items, not {expected.GetArrayLength()}"
            : expected.EnumerateArray().Zip(actual.EnumerateArray()).Index()
                .Select(pair => Compare($"{path}[{pair.Index}]", pair.Item.First, pair.Item.Second, versions)).FirstOrDefault(d => d is not null);

    private static string? CompareKind(
        string path, string placeholder, JsonElement actual, List<((string Name, int Number) Label, long Value)> versions)
    {
        var isRight = placeholder switch
        {
            "<time>" => actual.ValueKind == JsonValueKind.String && actual.TryGetDateTimeOffset(out _),
            "<id>" => actual.ValueKind == JsonValueKind.String && actual.GetString()!.Length > 0,
            "<number>" => actual.ValueKind == JsonValueKind.Number,
            _ => actual.ValueKind == JsonValueKind.Number && Note(placeholder, actual.GetInt64(), versions),
        };
        return isRight ? null : $"{path} is {actual.GetRawText()}, not a {placeholder}";
    }

    private static bool Note(string placeholder, long value, List<((string Name, int Number) Label, long Value)> versions)
    {
        var label = VersionForm().Match(placeholder);
        versions.Add(((label.Groups["name"].Value, int.Parse(label.Groups["number"].Value, System.Globalization.CultureInfo.InvariantCulture)), value));
        return value > 0;
    }

    private string? CheckVersions(List<((string Name, int Number) Label, long Value)> versions) => (
        from seen in versions
        from known in _versions
        where seen.Label.Name == known.Key.Name
            && Math.Sign(seen.Label.Number - known.Key.Number) != Math.Sign(seen.Value - known.Value)
        select $"version {seen.Value} of {seen.Label} beside {known.Value} of {known.Key}").FirstOrDefault();

    [GeneratedRegex(@"^<(time|id|number|[\w ]+ v\d+)>$")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^<(?<name>[\w ]+) v(?<number>\d+)>$")]
    private static partial Regex VersionForm();
}
