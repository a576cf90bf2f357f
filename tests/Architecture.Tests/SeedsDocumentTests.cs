using System.Text.RegularExpressions;
using Xunit;

namespace Presence.Architecture.Tests;

/// <summary>docs/from-the-seeds.md: | feature | how it is done here | tests |, and each test is there.</summary>
public partial class SeedsDocumentTests
{
    private static readonly List<string> Rows =
    [
        .. File.ReadLines(Path.Combine(Repository.Root, "docs/from-the-seeds.md"))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| feature", StringComparison.Ordinal) && !line.StartsWith("| ---", StringComparison.Ordinal)),
    ];

    private static readonly Lazy<Dictionary<string, string>> Sources = new(() =>
        new[] { "tests", "clients" }.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*Tests.cs", SearchOption.AllDirectories)
                .Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*Properties.cs", SearchOption.AllDirectories))
                .Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.test.mjs", SearchOption.AllDirectories)))
            .Where(file => !file.Contains("node_modules", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal))
            .ToDictionary(file => file, File.ReadAllText));

    [Fact]
    public void Features_EachNamesATest() => Compare.None(
        from row in Rows
        where Names(row).Count == 0
        select $"{row}: names no test");

    [Fact]
    public void Tests_EachExists() => Compare.None(
        from row in Rows
        from name in Names(row)
        where !IsTest(name)
        select $"{name}: named in docs/from-the-seeds.md, and no test");

    [Theory]
    [InlineData("core/nothing")]
    [InlineData("StatusTests.Nothing")]
    [InlineData("NoTests")]
    [InlineData("self.test.mjs: nothing")]
    public void Test_ThatIsNotThere_IsNoticed(string name) => Assert.False(IsTest(name));

    private static List<string> Names(string row)
    {
        var cells = row.Trim('|', ' ').Split(" | ");
        return cells.Length == 3 ? [.. NameForm().Matches(cells[2]).Select(match => match.Groups[1].Value)] : [];
    }

    private static bool IsTest(string name)
    {
        if (name.Split(": ", 2) is [var file, var title] && file.EndsWith(".test.mjs", StringComparison.Ordinal))
        {
            return Sources.Value.Any(source => Path.GetFileName(source.Key) == file && TitleForm().Matches(source.Value).Any(
                match => match.Groups[1].Value.StartsWith(title, StringComparison.Ordinal)));
        }

        if (name.Contains('/'))
        {
            return File.Exists(Path.Combine(Repository.Root, "tests/Conformance/Scenarios", name + ".txt"));
        }

        var parts = name.Split('.');
        return Sources.Value.Values.Any(source => Regex.IsMatch(source, $@"\bclass {parts[0]}\b")
            && (parts.Length == 1 || Regex.IsMatch(source, $@"\b(void|Task) {parts[1]}\(")));
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex NameForm();

    /// <summary>The title of a test in JavaScript.</summary>
    [GeneratedRegex("""\b(?:test|it)\(\s*["'`](.+?)(?<!\\)["'`],?""")]
    private static partial Regex TitleForm();
}
