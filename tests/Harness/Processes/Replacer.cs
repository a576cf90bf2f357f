using System.Text;

namespace Presence.Harness.Processes;

/// <summary>Replaces texts by others of the same length in a stream of bytes.</summary>
internal sealed class Replacer(IReadOnlyList<(string Said, string Heard)> texts)
{
    private readonly (byte[] Said, byte[] Heard)[] _texts = [.. texts.Select(text => (Encoding.UTF8.GetBytes(text.Said), Encoding.UTF8.GetBytes(text.Heard)))];

    /// <returns>How many bytes at the end may be the beginning of such a text, and have to wait for what follows.</returns>
    public int Replace(Span<byte> bytes)
    {
        var held = 0;
        foreach (var (said, heard) in _texts)
        {
            for (int at, from = 0; (at = bytes[from..].IndexOf(said)) >= 0; from += at + said.Length)
            {
                heard.CopyTo(bytes[(from + at)..]);
            }

            var open = Math.Min(said.Length - 1, bytes.Length);
            while (open > held && !bytes[^open..].SequenceEqual(said.AsSpan(0, open)))
            {
                open--;
            }

            held = Math.Max(held, open);
        }

        return held;
    }
}
