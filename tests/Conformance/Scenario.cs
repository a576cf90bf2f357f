using System.Text.RegularExpressions;

namespace Presence.Conformance;

/// <summary>A conversation of some clients with the server, as it is written in a file. One line is one step; <c>#</c> begins a comment.</summary>
/// <remarks>
/// <list type="bullet">
/// <item><c>bob connects</c>, <c>bob connects to / with Origin: https://a.example | Name: value</c>: opens a socket, at <c>/ws</c> where nothing
/// else is said. Clients are spread alternately over the gateways; <c>beside ann</c> chooses her gateway.</item>
/// <item><c>bob signs in</c>, <c>bob signs in as $ann on phone with $token(ann)</c>: connects and authenticates, as <c>$bob</c> on the device <c>tab</c>
/// where nothing else is said. The answer is not awaited by another step.</item>
/// <item><c>bob > text</c> sends a text message as it stands; <c>bob sends close 1000</c>, <c>bob sends ping abc</c>, <c>bob sends binary abc</c> other
/// frames: <c>part</c> is a message that does not end, <c>unknown</c> a frame of no known kind, <c>garbled</c> no UTF-8; <c>bob drops</c> resets the connection.</item>
/// <item><c>bob &lt; {…}</c>: the next frame is just this; <c>bob &lt;* {…}</c>: it is one of the lines so marked that follow each other, in any
/// order. <c>bob &lt; close 4501</c>, <c>bob &lt; pong abc</c>, <c>bob &lt; end</c> (no close frame).</item>
/// <item><c>bob falls silent</c>: from now on he answers no ping.</item>
/// <item><c>the server of bob is stopped</c>: his gateway, as an operator does; only for a folder whose servers nobody else needs.</item>
/// <item><c>bob overlooks presence_update</c>: from now on he passes over messages of this type.</item>
/// <item><c>bob calls PUT /v1/users/$bob/status with {…} -> 200 {…}</c>: by HTTP, with his id for a token; the answer, where it is awaited.</item>
/// <item><c>the lobby is empty</c>: nobody is online, of earlier scenarios too.</item>
/// <item><c>bob hears nothing</c>: all he has sent is answered, and nothing else has come.</item>
/// <item><c>request GET /ws with Name: value -> 403</c>: an upgrade, or another request, and its status.</item>
/// </list>
/// <c>$ann</c> stands for a user that no other run knows, <c>$token(ann)</c> for a good token of hers, <c>$time(2)</c> for the time
/// two seconds after the start. In what is awaited <c>&lt;time></c>, <c>&lt;id></c>,
/// <c>&lt;number></c> stand for one of these, and <c>&lt;ann v2></c> for a version: equal names are equal numbers, and of one
/// name v2 is above v1.
/// </remarks>
/// <param name="Name">Of folder and file.</param>
/// <param name="Steps">In order.</param>
internal sealed partial record Scenario(string Name, IReadOnlyList<Step> Steps)
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Scenarios");

    /// <summary>Folder and file of each.</summary>
    public static IEnumerable<string> NamesIn(string[] folders) =>
        from folder in folders
        from file in Directory.EnumerateFiles(Path.Combine(Folder, folder), "*.txt").Order(StringComparer.Ordinal)
        select $"{folder}/{Path.GetFileNameWithoutExtension(file)}";

    public static Scenario Read(string name) => new(
        name,
        [.. File.ReadLines(Path.Combine(Folder, name + ".txt")).Index().Where(line => !IsComment(line.Item)).Select(line => Step.Parse(line.Index + 1, line.Item))]);

    private static bool IsComment(string line) => line.Length == 0 || line[0] == '#';
}

/// <summary>One line.</summary>
/// <param name="Number">Of the line.</param>
/// <param name="Text">The line.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Match">Its parts, by the kind of step.</param>
internal sealed partial record Step(int Number, string Text, StepKind Kind, Match Match)
{
    private static readonly (StepKind Kind, Regex Form)[] Forms =
    [
        (StepKind.Say, SayForm()),
        (StepKind.Hear, HearForm()),
        (StepKind.Connect, ConnectForm()),
        (StepKind.SignIn, SignInForm()),
        (StepKind.Send, SendForm()),
        (StepKind.Drop, DropForm()),
        (StepKind.FallSilent, FallSilentForm()),
        (StepKind.Silence, SilenceForm()),
        (StepKind.Stop, StopForm()),
        (StepKind.Request, RequestForm()),
        (StepKind.Call, CallForm()),
        (StepKind.Overlook, OverlookForm()),
        (StepKind.EmptyLobby, EmptyLobbyForm()),
    ];

    public string Client => this["client"];

    /// <summary>A part of the line; empty when it is not there.</summary>
    public string this[string part] => Match.Groups[part].Value;

    public static Step Parse(int number, string line)
    {
        foreach (var (kind, form) in Forms)
        {
            if (form.Match(line) is { Success: true } match)
            {
                return new(number, line, kind, match);
            }
        }

        throw new FormatException($"Line {number} is no step: {line}");
    }

    public override string ToString() => $"line {Number}: {Text}";

    [GeneratedRegex(@"^(?<client>\w+) > (?<text>.*)$")]
    private static partial Regex SayForm();

    [GeneratedRegex(@"^(?<client>\w+) <(?<any>\*?) (?<frame>.+)$")]
    private static partial Regex HearForm();

    [GeneratedRegex(@"^(?<client>\w+) connects( beside (?<beside>\w+))?( to (?<target>\S+))?( with (?<headers>.+?))?( -> (?<reply>.+))?$")]
    private static partial Regex ConnectForm();

    [GeneratedRegex(@"^(?<client>\w+) signs in( beside (?<beside>\w+))?( as (?<user>\S+))?( on (?<device>\S+))?( with (?<token>.+))?$")]
    private static partial Regex SignInForm();

    [GeneratedRegex(@"^(?<client>\w+) sends (?<kind>close|ping|pong|binary|part|unknown|garbled)( (?<payload>\S+))?$")]
    private static partial Regex SendForm();

    [GeneratedRegex(@"^(?<client>\w+) drops$")]
    private static partial Regex DropForm();

    [GeneratedRegex(@"^(?<client>\w+) falls silent$")]
    private static partial Regex FallSilentForm();

    [GeneratedRegex(@"^(?<client>\w+) hears nothing$")]
    private static partial Regex SilenceForm();

    [GeneratedRegex(@"^the server of (?<client>\w+) is stopped$")]
    private static partial Regex StopForm();

    [GeneratedRegex(@"^request (?<method>\S+) (?<target>\S+)( with (?<headers>.+?))? -> (?<status>\d+)$")]
    private static partial Regex RequestForm();

    [GeneratedRegex(@"^(?<client>\w+) calls (?<method>[A-Z]+) (?<target>\S+)( with (?<body>\{.*?\}))? -> (?<status>\d+)( (?<answer>\{.+))?$")]
    private static partial Regex CallForm();

    [GeneratedRegex(@"^(?<client>\w+) overlooks (?<type>\w+)$")]
    private static partial Regex OverlookForm();

    [GeneratedRegex("^the lobby is empty$")]
    private static partial Regex EmptyLobbyForm();
}

/// <summary>What a line does.</summary>
internal enum StepKind
{
    Say,
    Hear,
    Connect,
    SignIn,
    Send,
    Drop,
    FallSilent,
    Silence,
    Stop,
    Request,
    Call,
    Overlook,
    EmptyLobby,
}
