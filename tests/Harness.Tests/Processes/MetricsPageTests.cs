namespace Presence.Harness.Tests.Processes;

public sealed class MetricsPageTests
{
    private const string Page = """
        # TYPE closes_total counter
        closes_total{code="1000",scope="a b"} 3 1700000000000
        closes_total{code="4013"} 2
        closes_total_of_others{code="1000"} 50
        connections 7
        """;

    [Theory]
    [InlineData("closes_total", "", 5)]
    [InlineData("closes_total", "code=\"4013\"", 2)]
    [InlineData("connections", "", 7)]
    [InlineData("nothing", "", 0)]
    public void Sum_IsOverTheSeriesOfTheName(string name, string label, double expected) =>
        Assert.Equal(expected, MetricsPage.Sum(Page, name, label));
}
