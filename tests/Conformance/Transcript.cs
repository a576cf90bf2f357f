using System.Globalization;
using System.Text.RegularExpressions;

namespace Presence.Conformance;

/// <summary>Every frame that every client got, in a form in which two runs are the same text.</summary>
internal sealed partial class Transcript(Cast cast)
{
    private readonly List<(string Client, string Frame)> _lines = [];

    /// <summary>A frame that came, or the answer to a request.</summary>
    public void Add(string client, string frame) => _lines.Add((client, frame));

    /// <summary>
    /// Times, ids and versions stand for what they are: a version for its place among those of its kind, since numbers may be left out.
    /// Frames that may come in any order stand in one order.
    /// </summary>
    public override string ToString()
    {
        var versions = _lines.SelectMany(line => VersionForm().Matches(cast.Clear(line.Frame))).Select(ToVersion).Where(v => v.Value > 0).Distinct()
            .GroupBy(version => version.Of)
            .SelectMany(group => group.OrderBy(version => version.Value).Index().Select(v => (v.Item, Place: v.Index + 1)))
            .ToDictionary(version => version.Item, version => version.Place);
        return string.Join('\n', _lines.Select(line => $"{line.Client} < {Clear(line.Frame, versions)}"));
    }

    private string Clear(string frame, Dictionary<(string, long), int> versions)
    {
        var text = VersionForm().Replace(cast.Clear(frame), match =>
            match.Result("${user}${between}") + "\"version\":" + (ToVersion(match) is { Value: > 0 } version ? "v" + versions[version].ToString(CultureInfo.InvariantCulture) : "0"));
        return IdForm().Replace(WaitForm().Replace(TimeForm().Replace(text, "\"<time>\""), "\"$1\":<number>"), "\"$1\":\"<id>\"");
    }

    private static (string Of, long Value) ToVersion(Match match) =>
        (match.Groups["user"].Value + (match.Groups["own"].Success ? " own" : ""), long.Parse(match.Groups["version"].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex("""(?<user>"userId":"[^"]*")(?<between>,"status":"\w+","lastSeen":(?:null|"[^"]*"),)"version":(?<version>\d+)(?=(?<own>(?:,"customStatus":\{[^}]*\})?(?:,"activity":\{[^}]*\})?(?:,"metadata":\{[^}]*\})?,"connectedAt")?)""")]
    private static partial Regex VersionForm();

    [GeneratedRegex("""
        "\d{4}-\d\d-\d\dT[^"]*"
        """)]
    private static partial Regex TimeForm();

    [GeneratedRegex("""
        "(retryAfter|after)":\d+
        """)]
    private static partial Regex WaitForm();

    [GeneratedRegex("""
        "(connectionId|deviceId|id)":"[0-9a-f]{16,}[^"]*"
        """)]
    private static partial Regex IdForm();
}
