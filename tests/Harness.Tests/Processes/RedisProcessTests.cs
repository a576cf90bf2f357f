namespace Presence.Harness.Tests.Processes;

public sealed class RedisProcessTests
{
    [Theory]
    [InlineData(true, "kept")]
    [InlineData(false, "")]
    public async Task Restart_AfterKill_HasWhatItKept(bool isDurable, string expected)
    {
        await using var redis = new RedisProcess(isDurable: isDurable);
        await redis.LaunchAsync();
        await redis.AskAsync("SET", "key", "kept");

        // Written to the file before the answer, and by the system to the disk later: only the machine's end would lose it.
        await redis.KillAsync();
        await redis.LaunchAsync();

        Assert.Equal(expected, await redis.AskAsync("GET", "key"));
    }

    [Fact]
    public async Task Calls_AreCountedByCommand()
    {
        await using var redis = new RedisProcess();
        await redis.LaunchAsync();
        await redis.AskAsync("CONFIG", "RESETSTAT");

        await redis.AskAsync("SET", "ä", "1");
        await redis.AskAsync("SET", "b", "2");

        Assert.Equal("1\n2", await redis.AskAsync("MGET", "ä", "b"));
        var calls = await redis.CallsAsync();
        Assert.Equal((2, 1), (calls["set"], calls["mget"]));
    }

    [Fact]
    public async Task Error_IsThrown()
    {
        await using var redis = new RedisProcess();
        await redis.LaunchAsync();

        await Assert.ThrowsAsync<RedisException>(() => redis.AskAsync("NONSENSE"));
    }
}
