using System.Text.RegularExpressions;
using Xunit;

namespace Presence.Architecture.Tests;

/// <summary>docs/metrics.md: one row for each instrument that the sources create.</summary>
public partial class MetricsDocumentTests
{
    [Fact]
    public void Instruments_EachHasOneRow() => Compare.Same(
        from source in Repository.Sources(".cs")
        from match in Creation().Matches(source.Text)
        select match.Groups["name"].Value,
        Repository.Rows("metrics.md", "All instruments").Select(row => row[0]),
        "docs/metrics.md");

    [GeneratedRegex("""\.Create(Counter|Histogram|UpDownCounter|Gauge|Observable[A-Za-z]+)(<[^>]+>)?\(\s*"(?<name>[^"]+)""")]
    private static partial Regex Creation();
}
