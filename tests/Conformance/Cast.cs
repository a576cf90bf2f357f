using System.Text.RegularExpressions;

namespace Presence.Conformance;

/// <summary>Who the names of a scenario are in one run.</summary>
internal sealed partial class Cast
{
    private readonly Dictionary<string, string> _ids = [];
    private readonly DateTimeOffset _began = DateTimeOffset.UtcNow;

    /// <summary>A line with the ids and tokens of this run in place of the names.</summary>
    public string Fill(string text)
    {
        text = TokenForm().Replace(text, match => Tokens.Make(IdOf(match.Groups["name"].Value), Seconds(match), Claims(match)));
        text = TimeForm().Replace(text, match => At(Seconds(match)));
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

    private string At(double seconds) => _began.AddSeconds(seconds).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture);

    private static double Seconds(Match match) =>
        match.Groups["seconds"] is { Success: true } seconds ? double.Parse(seconds.Value, System.Globalization.CultureInfo.InvariantCulture) : 600;

    private (string, object?)[] Claims(Match match) =>
        match.Groups["ids"] is { Success: true } ids ? [(match.Groups["claim"].Value, ids.Value.Split(' ').Select(IdOf).ToArray())] : [];

    /// <summary><c>$token(ann)</c>, <c>$token(ann, 3 s)</c>, <c>$token(ann, watch bob carol)</c>, <c>$token(ann, rooms kitchen)</c>.</summary>
    [GeneratedRegex(@"\$token\((?<name>\w+)(, (?<seconds>-?[\d.]+) s)?(, (?<claim>watch|rooms) (?<ids>[\w ]+))?\)")]
    private static partial Regex TokenForm();

    /// <summary><c>$time(2)</c>: two seconds after the start.</summary>
    [GeneratedRegex(@"\$time\((?<seconds>[\d.]+)\)")]
    private static partial Regex TimeForm();

    [GeneratedRegex(@"\$(?<name>[a-z]+)")]
    private static partial Regex NameForm();
}
