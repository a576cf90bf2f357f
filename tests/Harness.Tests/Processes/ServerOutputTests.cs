namespace Presence.Harness.Tests.Processes;

public class ServerOutputTests
{
    private const string Reader = "fail: Orleans.Providers.MemoryAdapterReceiver`1[[Body]].presence.presence-3[200402]";

    [Fact]
    public void Errors_AnEntryOfLevelError_IsOneWithTheLinesThatBelongToIt() =>
        Assert.Equal(["fail: Presence.Thing[7]       It broke."], Of("info: Before[1]", "fail: Presence.Thing[7]", "      It broke.", "info: After[1]"));

    [Theory]
    [InlineData(Reader)]
    [InlineData("fail: Orleans.Streams.presence[103312]")]
    public void Errors_AReadOfAQueueThatMoves_IsNone(string start) =>
        Assert.Empty(Of(start, "      What happened.", "      System.OperationCanceledException: The operation was canceled."));

    [Theory]
    [InlineData(Reader, "System.TimeoutException: The operation has timed out.")]
    [InlineData("fail: Orleans.Streams.presence[103313]", "System.OperationCanceledException: The operation was canceled.")]
    [InlineData("fail: Presence.Thing[7]", "System.OperationCanceledException: The operation was canceled.")]
    public void Errors_AnythingElse_IsOne(string start, string exception) => Assert.Single(Of(start, "      What happened.", "      " + exception));

    private static IReadOnlyList<string> Of(params string[] lines)
    {
        var output = new ServerOutput();
        Array.ForEach(lines, output.Add);
        return output.Errors;
    }
}
