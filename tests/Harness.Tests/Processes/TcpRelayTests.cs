namespace Presence.Harness.Tests.Processes;

public sealed class TcpRelayTests : IAsyncLifetime
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(200);

    private readonly RedisProcess _redis = new("first");
    private readonly RedisProcess _other = new("second");
    private TcpRelay _relay = null!;

    public async Task InitializeAsync()
    {
        await Task.WhenAll(_redis.LaunchAsync(), _other.LaunchAsync());
        await _redis.AskAsync("SET", "name", "first");
        await _other.AskAsync("SET", "name", "second");
        _relay = TcpRelay.To(_redis.Port);
    }

    public async Task DisposeAsync()
    {
        await _relay.DisposeAsync();
        await Task.WhenAll(_redis.DisposeAsync().AsTask(), _other.DisposeAsync().AsTask());
    }

    [Fact]
    public async Task Pause_NothingGetsThrough_UntilResumed()
    {
        await using var socket = await RawSocket.ConnectAsync(_relay.Port);
        await AskAsync(socket, "first");

        _relay.Pause();
        await socket.SendAsync("GET name\r\n"u8.ToArray());
        await Assert.ThrowsAsync<TimeoutException>(() => socket.ReadFrameAsync(Moment));
        _relay.Resume();

        await ReadAsync(socket, "first");
    }

    [Fact]
    public async Task Cut_ResetsWhatThereIs_AndTakesNewOnes()
    {
        await using var socket = await RawSocket.ConnectAsync(_relay.Port);
        await AskAsync(socket, "first");

        _relay.Cut();

        Assert.Equal(WireFrame.Reset, await socket.ReadFrameAsync());
        await using var next = await RawSocket.ConnectAsync(_relay.Port);
        await AskAsync(next, "first");
    }

    [Fact]
    public async Task Target_IsSwitched_NewConnectionsGoThere()
    {
        await using var socket = await RawSocket.ConnectAsync(_relay.Port);
        await AskAsync(socket, "first");

        _relay.Target = _other.Port;

        await AskAsync(socket, "first");
        await using var next = await RawSocket.ConnectAsync(_relay.Port);
        await AskAsync(next, "second");
    }

    [Fact]
    public async Task End_OfTheTarget_IsTheEndHere()
    {
        await using var socket = await RawSocket.ConnectAsync(_relay.Port);
        await AskAsync(socket, "first");

        await _redis.KillAsync();

        Assert.True((await socket.ReadFrameAsync()).IsEnd);
    }

    private static async Task AskAsync(RawSocket socket, string expected)
    {
        await socket.SendAsync("GET name\r\n"u8.ToArray());
        await ReadAsync(socket, expected);
    }

    private static async Task ReadAsync(RawSocket socket, string expected) =>
        Assert.Equal($"${expected.Length}\r\n{expected}\r\n", await socket.ReadTextAsync(expected.Length + 6));
}
