using System.Text.RegularExpressions;

namespace Presence.Conformance;

/// <summary>Who the names of a scenario are in one run.</summary>
internal sealed partial class Cast
{
    private readonly Dictionary<string, string> _ids = [];

    /// <summary>A line with the ids and tokens of this run in place of the names.</summary>
    public string Fill(string text)
    {
        text = TokenForm().Replace(text, match => Tokens.Make(IdOf(match.Groups["name"].Value), Seconds(match), Claims(match)));
        return NameForm().Replace(text, match => IdOf(match.Groups["name"].Value));
    }

    /// <summary>The other way round: what came, with the names in place of the ids.</summary>
    public string Clear(string text) =>
        _ids.Aggregate(text, (cleared, pair) => cleared.Replace(pair.Value, "$" + pair.Key, StringComparison.Ordinal));

    private string IdOf(string name)
    {
        if (!_ids.TryGetValue(name, out var id))
        {
            _ids[name] = id = Names.New(name);
        }

        return id;
    }

    private static double Seconds(Match match) =>
        match.Groups["seconds"] is { Success: true } seconds ? double.Parse(seconds.Value, System.Globalization.CultureInfo.InvariantCulture) : 600;

    private (string, object?)[] Claims(Match match) =>
        match.Groups["watch"] is { Success: true } watch ? [("watch", watch.Value.Split(' ').Select(IdOf).ToArray())] : [];

    /// <summary><c>$token(ann)</c>, <c>$token(ann, 3 s)</c>, <c>$token(ann, watch bob carol)</c>.</summary>
    [GeneratedRegex(@"\$token\((?<name>\w+)(, (?<seconds>-?[\d.]+) s)?(, watch (?<watch>[\w ]+))?\)")]
    private static partial Regex TokenForm();

    [GeneratedRegex(@"\$(?<name>[a-z]+)")]
    private static partial Regex NameForm();
}
