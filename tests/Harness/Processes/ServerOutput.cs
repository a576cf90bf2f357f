using System.Text;

namespace Presence.Harness.Processes;

/// <summary>What the server wrote to its console.</summary>
public sealed class ServerOutput
{
    private static readonly string[] Bad = ["Unhandled exception", "fail: ", "crit: "];

    private const int LinesOfAnError = 12;

    private readonly List<string> _lines = [];

    /// <summary>What tells of a bug: an unhandled exception, or a log entry of level error or above.</summary>
    public IReadOnlyList<string> Errors
    {
        get
        {
            var lines = Lines;
            return [.. lines.Index().Where(line => IsBad(line.Item)).Select(line => Entry(lines, line.Index)).Where(entry => !IsMovedQueue(entry))];
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

    /// <summary>A line and those that belong to it.</summary>
    private static string Entry(IReadOnlyList<string> lines, int first) =>
        string.Join(' ', lines.Skip(first + 1).TakeWhile(line => line.StartsWith(' ')).Take(LinesOfAnError).Prepend(lines[first]));

    /// <summary>
    /// A silo that comes or goes takes over queues; a read of such a queue that is under way is cancelled, which Orleans logs as an error before
    /// the new owner reads on.
    /// </summary>
    private static bool IsMovedQueue(string entry) =>
        ((entry.StartsWith("fail: Orleans.Providers.MemoryAdapterReceiver`1", StringComparison.Ordinal) && entry.Contains("[200402] ", StringComparison.Ordinal))
            || entry.StartsWith("fail: Orleans.Streams.presence[103312] ", StringComparison.Ordinal))
        && entry.Contains("System.OperationCanceledException: The operation was canceled.", StringComparison.Ordinal);

    private static bool IsBad(string line) => Array.Exists(Bad, start => line.StartsWith(start, StringComparison.Ordinal));
}
