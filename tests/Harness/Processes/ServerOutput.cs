using System.Text;

namespace Presence.Harness.Processes;

/// <summary>What the server wrote to its console.</summary>
public sealed class ServerOutput
{
    private static readonly string[] Bad = ["Unhandled exception", "fail: ", "crit: "];

    private const int LinesOfAnError = 12;

    private readonly List<string> _lines = [];

    /// <summary>Lines that tell of a bug: an unhandled exception, or a log entry of level error or above with the lines that follow it.</summary>
    public IReadOnlyList<string> Errors
    {
        get
        {
            var lines = Lines;
            return [.. lines.Index().Where(line => IsBad(line.Item)).Select(line => string.Join(' ', lines.Skip(line.Index).Take(LinesOfAnError)))];
        }
    }

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    public void Add(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lines)
        {
            _lines.Add(line);
        }
    }

    public override string ToString() => new StringBuilder().AppendJoin('\n', Lines.TakeLast(100)).ToString();

    private static bool IsBad(string line) => Array.Exists(Bad, start => line.StartsWith(start, StringComparison.Ordinal));
}
