namespace Presence.Client.Tests;

public class RetryPolicyTests
{
    [Fact]
    public void NextRetryDelay_IsARandomPartOfABoundThatDoublesTo8AndIs30InTheLongRun()
    {
        var policy = new FullJitterRetryPolicy();
        foreach (var (attempt, bound) in new[] { (0, 1), (1, 2), (2, 4), (3, 8), (4, 8), (9, 8), (10, 30), (1_000_000, 30) })
        {
            var delays = Enumerable.Range(0, 500).Select(_ => policy.NextRetryDelay(new(attempt, new TimeoutException()))!.Value.TotalSeconds).ToArray();

            Assert.All(delays, delay => Assert.InRange(delay, 0, bound));
            Assert.True(delays.Min() < bound * 0.2 && delays.Max() > bound * 0.8, $"attempt {attempt}: not spread over {bound} s");
        }
    }
}
