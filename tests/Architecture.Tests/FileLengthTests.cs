using Xunit;

namespace Presence.Architecture.Tests;

public class FileLengthTests
{
    private const int MaxLines = 250;

    private static readonly string[] Comments = ["//", "/*", "<!--"];

    [Fact]
    public void Files_OverTheLimit_SayWhyInTheirFirstComment() => Compare.None(
        from source in Repository.Sources(".cs", ".js", ".css", ".html")
        let lines = source.Text.Split('\n')
        where lines.Length - 1 > MaxLines
        let first = lines.First(line => !line.StartsWith("<!doctype", StringComparison.OrdinalIgnoreCase))
        where !Array.Exists(Comments, mark => first.TrimStart().StartsWith(mark, StringComparison.Ordinal))
        select $"{source.Path}: {lines.Length - 1} lines; split it by what it does, or say on its first line why it is longer than {MaxLines}");
}
