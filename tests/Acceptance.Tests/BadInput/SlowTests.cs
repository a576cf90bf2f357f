using System.Diagnostics;

namespace Presence.Acceptance.Tests.BadInput;

/// <summary>Rows B20, B30, B43, B44, B60 and B127: those who take their time.</summary>
[Collection(nameof(HastyServer))]
public class SlowTests(HastyServer fixture) : ServerTests(fixture)
{
    private static readonly TimeSpan HeaderLimit = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task B20_B30_SlowAndSilentConnections_AreDroppedAndNobodyElseWaits()
    {
        var began = Stopwatch.GetTimestamp();
        var silent = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => RawSocket.ConnectAsync(Server.Port)));
        await using var slow = await RawSocket.ConnectAsync(Server.Port);
        var dripping = DripAsync(slow, new Upgrade().With("X: " + new string('x', 200)).ToBytes(), TimeSpan.FromMilliseconds(250));

        var connecting = Stopwatch.GetTimestamp();
        await using (await SignInAsync())
        {
            Assert.InRange(Stopwatch.GetElapsedTime(connecting).TotalSeconds, 0, 1);
        }

        foreach (var socket in silent)
        {
            Assert.True((await socket.ReadFrameAsync(HeaderLimit)).IsEnd);
            await socket.DisposeAsync();
        }

        Assert.True((await slow.ReadHttpAsync()).Status is 0 or 408);
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, HeaderLimit + TimeSpan.FromSeconds(1));
        await dripping;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task B43_MessageIsNeverFinished_ClosesInTime(bool isPinging)
    {
        await using var socket = await OpenSignedInAsync();
        var began = Stopwatch.GetTimestamp();

        await socket.SendAsync(WireFrame.Make(Op.Text, "{"u8, isFinal: false));
        var more = DripAsync(
            socket, isPinging ? WireFrame.Make(Op.Ping, []) : WireFrame.Make(Op.Continuation, " "u8, isFinal: false), TimeSpan.FromMilliseconds(100), 30);

        var before = await Outcome.ClosesAsync(socket, 4008);
        Assert.All(before, frame => Assert.Equal(Op.Pong, frame.Opcode));
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 1, 2);
        await more;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(20)]
    public async Task B44_FrameComesInDrops_ClosesInTime(int sentAtOnce)
    {
        await using var socket = await OpenSignedInAsync();
        var frame = WireFrame.MakeText("""{"type":"heartbeat","x":"xxxxxxxxxxxxxxx"}""");
        var began = Stopwatch.GetTimestamp();

        await socket.SendAsync(frame.AsMemory(0, sentAtOnce));
        var dripping = DripAsync(socket, frame[sentAtOnce..], TimeSpan.FromMilliseconds(200));

        Assert.Empty(await Outcome.ClosesAsync(socket, 4008));
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 1, 2);
        await dripping;
    }

    [Fact]
    public async Task B60_ReaderThatNeverReads_IsCutOffAndNobodyElseWaits()
    {
        var user = NewUser();
        await using var client = await SignInAsync(user);
        await using var watcher = await SignInAsync();
        await watcher.SubscribeAsync(user);
        await using var socket = await RawSocket.OpenAsync(Server, receiveBuffer: 4096);
        await socket.SendTextAsync("""{"type":"authenticate","userId":"sloth","token":"t"}""");
        var ids = string.Join(',', Enumerable.Range(0, 1000).Select(i => $"\"{i}-{new string('i', 40)}\""));
        await socket.SendTextAsync($$"""{"type":"subscribe","userIds":["{{user}}",{{ids[(ids.IndexOf(',', StringComparison.Ordinal) + 1)..]}}]}""");
        var question = WireFrame.MakeText($$"""{"type":"get_presence","userIds":[{{ids}}]}""");

        for (var i = 0; i < 100 && await socket.TrySendAsync(question); i++)
        {
            await client.SendAsync(new { type = "set_status", status = i % 2 == 0 ? "busy" : "dnd" });
            await client.FenceAsync();
        }

        await watcher.ExpectUpdateAsync(user, "dnd");
        Assert.True((await socket.ReadToEndAsync())[^1].IsEnd);
        Assert.Matches("presence_gateway_closes_total\\{[^}]*code=\"4013\"[^}]*\\} [1-9]", await Server.MetricsAsync());
        Assert.InRange((await watcher.FenceAsync()).Count, 0, 100);
    }

    [Fact]
    public async Task B127_NobodyAuthenticates_ClosesInTime()
    {
        var began = Stopwatch.GetTimestamp();
        await using var socket = await OpenAsync();
        var pinging = DripAsync(socket, WireFrame.Make(Op.Ping, []), TimeSpan.FromMilliseconds(100), 30);

        var before = await Outcome.ClosesAsync(socket, 4001);

        Assert.All(before, frame => Assert.Equal(Op.Pong, frame.Opcode));
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 1, 2);
        await pinging;
    }

    [Fact]
    public async Task SilentClient_IsTakenForLost()
    {
        var began = Stopwatch.GetTimestamp();
        await using var socket = await OpenSignedInAsync();

        WireFrame frame;
        do
        {
            frame = await socket.ReadFrameAsync();
        }
        while (frame.Opcode == Op.Ping);

        Assert.Equal(4008, frame.CloseCode);
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 3, 4);
        Assert.True((await socket.ReadFrameAsync(TimeSpan.FromSeconds(2))).IsEnd);
    }

    /// <summary>Sends <paramref name="bytes"/> so many times, or one after another, with a pause between: until the server has enough.</summary>
    private static async Task DripAsync(RawSocket socket, byte[] bytes, TimeSpan pause, int times = 0)
    {
        using var timer = new PeriodicTimer(pause);
        for (var i = 0; i < (times == 0 ? bytes.Length : times); i++)
        {
            await timer.WaitForNextTickAsync();
            if (!await socket.TrySendAsync(times == 0 ? bytes.AsMemory(i, 1) : bytes))
            {
                return;
            }
        }
    }
}
