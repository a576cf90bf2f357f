namespace Presence.Acceptance.Tests.BadInput;

/// <summary>Rows B56 to B59 and B61: how connections end, and much at once.</summary>
[Collection(nameof(DefaultServer))]
public class CloseTests(DefaultServer fixture) : ServerTests(fixture)
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(999)]
    [InlineData(1004)]
    [InlineData(1005)]
    [InlineData(1006)]
    [InlineData(1015)]
    [InlineData(1016)]
    [InlineData(2999)]
    [InlineData(5000)]
    [InlineData(65535)]
    public async Task B56_ForbiddenCloseCode_ClosesWithProtocolError(int code)
    {
        await using var socket = await OpenSignedInAsync();

        await socket.SendAsync(WireFrame.MakeClose(code));

        Assert.Empty(await Outcome.ClosesAsync(socket, 1002));
    }

    [Fact]
    public async Task B56_CloseOfOneByte_ClosesWithProtocolError()
    {
        await using var socket = await OpenSignedInAsync();

        await socket.SendAsync(WireFrame.Make(Op.Close, [3]));

        Assert.Empty(await Outcome.ClosesAsync(socket, 1002));
    }

    [Fact]
    public async Task B56_ReasonIsNoText_ClosesWithInvalidPayload()
    {
        await using var socket = await OpenSignedInAsync();

        await socket.SendAsync(WireFrame.Make(Op.Close, [3, 232, 0xff, 0xfe]));

        Assert.Empty(await Outcome.ClosesAsync(socket, 1007));
    }

    [Theory]
    [InlineData(1000, "")]
    [InlineData(1000, "bye, é€😀")]
    [InlineData(1001, "")]
    [InlineData(1007, "")]
    [InlineData(1011, "")]
    [InlineData(1014, "")]
    [InlineData(3000, "")]
    [InlineData(4999, "")]
    public async Task B57_Close_IsEchoedAndTheConnectionEnds(int code, string reason)
    {
        await using var socket = await OpenSignedInAsync();

        await socket.SendAsync(WireFrame.MakeClose(code, reason));

        var frame = await socket.ReadFrameAsync();
        Assert.Equal(Op.Close, frame.Opcode);
        Assert.Equal(code, frame.CloseCode);
        Assert.True((await socket.ReadFrameAsync(TimeSpan.FromSeconds(1))).IsEnd);
    }

    [Fact]
    public async Task B57_LongestReason_IsAccepted()
    {
        await using var socket = await OpenSignedInAsync();

        await socket.SendAsync(WireFrame.MakeClose(1000, new string('r', 123)));

        Assert.Equal(1000, (await socket.ReadFrameAsync()).CloseCode);
    }

    [Fact]
    public async Task B57_EmptyClose_IsEchoedEmpty()
    {
        await using var socket = await OpenSignedInAsync();

        await socket.SendAsync(WireFrame.Make(Op.Close, []));

        var frame = await socket.ReadFrameAsync();
        Assert.Equal(Op.Close, frame.Opcode);
        Assert.Empty(frame.Payload);
        Assert.True((await socket.ReadFrameAsync(TimeSpan.FromSeconds(1))).IsEnd);
    }

    [Fact]
    public async Task B57_CloseInTheMiddleOfAMessage_IsEchoed()
    {
        await using var socket = await OpenSignedInAsync();

        await socket.SendAsync(WireFrame.Make(Op.Text, "{"u8, isFinal: false));
        await socket.SendAsync(WireFrame.MakeClose(1000));

        Assert.Empty(await Outcome.ClosesAsync(socket, 1000));
    }

    [Fact]
    public async Task B57_CloseIsNotAnswered_ServerEndsTheConnection()
    {
        await using var socket = await OpenSignedInAsync();

        await socket.SendAsync(WireFrame.Make(Op.Binary, []));

        Assert.Equal(1003, (await socket.ReadFrameAsync()).CloseCode);
        Assert.True((await socket.ReadFrameAsync(TimeSpan.FromSeconds(2))).IsEnd);
    }

    [Fact]
    public async Task B58_DataAfterTheClose_IsNotExecuted()
    {
        var user = NewUser();
        await using var watcher = await SignInAsync();
        await watcher.SubscribeAsync(user);
        await using var socket = await OpenSignedInAsync(user);
        await watcher.ExpectUpdateAsync(user, "online");

        await socket.SendAsync(WireFrame.MakeClose(1000).Concat(WireFrame.MakeText("""{"type":"set_status","status":"busy"}""")).ToArray());

        Assert.Equal("offline", (await watcher.ExpectAsync("presence_update")).Status);
        await using var again = await ConnectAsync();
        Assert.Equal("online", (await again.AuthenticateAsync(user)).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task B59_EndWithoutClose_IsALossAndShowsAfterTheGrace(bool isReset)
    {
        var user = NewUser();
        await using var watcher = await SignInAsync();
        await watcher.SubscribeAsync(user);
        await using var socket = await OpenSignedInAsync(user);
        var online = await watcher.ExpectUpdateAsync(user, "online");

        if (isReset)
        {
            socket.Abort();
        }
        else
        {
            socket.EndSending();
            Assert.True((await socket.ReadFrameAsync(TimeSpan.FromSeconds(1))).IsEnd);
        }

        var offline = await watcher.ExpectUpdateAsync(user, "offline");
        Assert.InRange((offline.At - online.At).TotalSeconds, 0.9, 2);
    }

    [Fact]
    public async Task B61_HundredMessagesInOneSegment_AreAnsweredInOrder()
    {
        await using var client = await SignInAsync();

        await client.Socket.SendAsync(
            Enumerable.Range(0, 100).SelectMany(i => WireFrame.MakeText($$"""{"type":"heartbeat","id":{{i}}}""")).ToArray());

        var limited = 0;
        for (var i = 0; i < 100; i++)
        {
            var reply = await client.NextAsync();
            Assert.Equal($"{i}", reply.Id);
            if (reply.Type != "heartbeat_ack")
            {
                Outcome.IsError(reply, "rate_limited");
                Assert.True(reply.Json.GetProperty("retryAfter").GetInt32() > 0, reply.Text);
                limited++;
            }
        }

        Assert.InRange(limited, 0, 3);
    }
}
