using Xunit;

namespace Presence.Architecture.Tests;

internal static class Compare
{
    /// <summary>Fails with one line for each name that only one side has.</summary>
    public static void Same(IEnumerable<string> inCode, IEnumerable<string> inDocument, string document)
    {
        var (code, rows) = (inCode.ToHashSet(), inDocument.ToList());
        var wrong = code.Except(rows).Order().Select(name => $"{name}: in the code, but without a row in {document}")
            .Concat(rows.Where(name => !code.Contains(name)).Select(name => $"{name}: a row in {document}, but not in the code"))
            .Concat(rows.CountBy(name => name).Where(row => row.Value > 1).Select(row => $"{row.Key}: {row.Value} rows in {document}"));
        None(wrong);
    }

    /// <summary>Fails with every line there is.</summary>
    public static void None(IEnumerable<string> wrong)
    {
        var text = string.Join(Environment.NewLine, wrong);
        Assert.True(text.Length == 0, Environment.NewLine + text);
    }
}
