using System.Text;
using System.Text.Json;

namespace Presence.Acceptance.Tests.Rfc6455;

/// <summary>RFC 6455, section 5: every way in which a right message may be written.</summary>
[Collection(nameof(HastyServer))]
public class DataFrameTests(HastyServer fixture) : ServerTests(fixture)
{
    private const string Heartbeat = """{"type":"heartbeat","id":"é€😀"}""";
    private const string ExpectedId = "é€😀";

    private static readonly byte[] HeartbeatBytes = Encoding.UTF8.GetBytes(Heartbeat);

    public static TheoryData<int, LengthForm> Lengths()
    {
        var data = new TheoryData<int, LengthForm>();
        foreach (var length in new[] { 100, 124, 125, 126, 127, 128, 1023, 4095, 4096, 4097, 32_768, 65_534, 65_535, 65_536 })
        {
            data.Add(length, LengthForm.Shortest);
            data.Add(length, LengthForm.TwoBytes);
            data.Add(length, LengthForm.EightBytes);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public async Task B55_TextOfEveryLengthAndForm_IsRead(int length, LengthForm form)
    {
        await using var socket = await OpenSignedInAsync();
        var padding = new string('p', length - HeartbeatBytes.Length - 7);
        var payload = Encoding.UTF8.GetBytes(Heartbeat[..^1] + $$""","p":"{{padding}}"}""");
        Assert.Equal(length, payload.Length);

        await socket.SendAsync(WireFrame.Make(Op.Text, payload, form: form));

        await IsAnsweredAsync(socket);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task ShortestTexts_AreBadJson(int length)
    {
        await using var client = await SignInAsync();

        Outcome.Error(await client.AskAsync(new string(' ', length)), "bad_json");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(124)]
    [InlineData(125)]
    public async Task Ping_OfEveryLength_IsAnsweredWithItsPayload(int length)
    {
        var payload = Enumerable.Range(0, length).Select(i => (byte)(255 - i)).ToArray();
        await using var socket = await OpenSignedInAsync();

        await socket.SendAsync(WireFrame.Make(Op.Ping, payload));

        var pong = await socket.ReadDataAsync();
        Assert.Equal((Op.Pong, true), (pong.Opcode, pong.IsFinal));
        Assert.Equal(payload, pong.Payload);
    }

    [Theory]
    [InlineData("00000000")]
    [InlineData("00ff00ff")]
    [InlineData("ff00ff00")]
    [InlineData("ffffffff")]
    [InlineData("7b227479")]
    [InlineData("00000001")]
    [InlineData("01000000")]
    public async Task Mask_OfEveryKind_IsTakenOff(string mask)
    {
        await using var socket = await OpenSignedInAsync();

        await socket.SendAsync(WireFrame.Make(Op.Text, HeartbeatBytes, mask: Convert.FromHexString(mask)));

        await IsAnsweredAsync(socket);
    }

    [Fact]
    public async Task B45_TextSplitAtEveryByte_IsPutTogether()
    {
        await using var socket = await OpenSignedInAsync();

        for (var place = 0; place <= HeartbeatBytes.Length; place++)
        {
            await socket.SendAsync(WireFrame.Make(Op.Text, HeartbeatBytes.AsSpan(0, place), isFinal: false, mask: [1, 0, 2, 0]));
            await socket.SendAsync(WireFrame.Make(Op.Continuation, HeartbeatBytes.AsSpan(place)));
            await IsAnsweredAsync(socket);
        }
    }

    [Fact]
    public async Task TextInFragmentsOfOneByte_WithPingsBetween_IsPutTogether()
    {
        await using var socket = await OpenSignedInAsync();

        for (var i = 0; i < HeartbeatBytes.Length; i++)
        {
            var isLast = i == HeartbeatBytes.Length - 1;
            await socket.SendAsync(WireFrame.Make(i == 0 ? Op.Text : Op.Continuation, HeartbeatBytes.AsSpan(i, 1), isLast));
            if (!isLast)
            {
                await socket.SendAsync(WireFrame.Make(Op.Ping, [(byte)i]));
                await socket.SendAsync(WireFrame.Make(Op.Pong, [(byte)i]));
                var pong = await socket.ReadDataAsync();
                Assert.Equal(Op.Pong, pong.Opcode);
                Assert.Equal([(byte)i], pong.Payload);
            }
        }

        await IsAnsweredAsync(socket);
    }

    [Fact]
    public async Task FrameInTwoSegments_CutAtEveryByte_IsPutTogether()
    {
        var frame = WireFrame.Make(Op.Text, HeartbeatBytes, form: LengthForm.EightBytes);
        await using var other = await SignInAsync();
        var sockets = new RawSocket[frame.Length + 1];
        for (var place = 0; place < sockets.Length; place++)
        {
            sockets[place] = await OpenSignedInAsync();
            await sockets[place].SendAsync(frame.AsMemory(0, place));
        }

        await other.FenceAsync(); // All of them have gone a whole way of another connection behind them.

        for (var place = 0; place < sockets.Length; place++)
        {
            await sockets[place].SendAsync(frame.AsMemory(place));
            await IsAnsweredAsync(sockets[place]);
            await sockets[place].DisposeAsync();
        }
    }

    [Fact]
    public async Task FramesOneByteASegment_AreRead()
    {
        await using var socket = await OpenSignedInAsync();

        foreach (var frame in new[] { WireFrame.Make(Op.Ping, "p"u8), WireFrame.Make(Op.Text, HeartbeatBytes) })
        {
            for (var i = 0; i < frame.Length; i++)
            {
                await socket.SendAsync(frame.AsMemory(i, 1));
            }
        }

        Assert.Equal(Op.Pong, (await socket.ReadDataAsync()).Opcode);
        await IsAnsweredAsync(socket);
    }

    [Fact]
    public async Task UpgradeAndFramesInOneSegment_AreRead()
    {
        await using var socket = await RawSocket.ConnectAsync(Server.Port);

        await socket.SendAsync(
            new Upgrade().ToBytes().Concat(WireFrame.Make(Op.Ping, "early"u8))
                .Concat(WireFrame.MakeText($$"""{"type":"authenticate","userId":"{{NewUser()}}","token":"t"}""")).ToArray());

        Assert.Equal(101, (await socket.ReadHttpAsync()).Status);
        Assert.Equal("early", (await socket.ReadDataAsync()).Text);
        Assert.Contains("authenticated", (await socket.ReadDataAsync()).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ManyFramesOfAllKindsInOneSegment_AreAnsweredInOrder()
    {
        await using var socket = await OpenSignedInAsync();
        var all = Enumerable.Range(0, 1000).SelectMany(i => i % 2 == 0
            ? WireFrame.MakeText($$"""{"type":"heartbeat","id":{{i}}}""")
            : WireFrame.Make(Op.Ping, BitConverter.GetBytes(i))).ToArray();

        await socket.SendAsync(all);

        for (var i = 0; i < 1000; i++)
        {
            var frame = await socket.ReadDataAsync();
            Assert.Equal(i, frame.Opcode == Op.Pong
                ? BitConverter.ToInt32(frame.Payload)
                : JsonDocument.Parse(frame.Payload).RootElement.GetProperty("id").GetInt32());
        }
    }

    private static async Task IsAnsweredAsync(RawSocket socket)
    {
        var reply = await socket.ReadDataAsync();
        Assert.True(reply is { Opcode: Op.Text, IsFinal: true }, $"Awaited the answer, got {reply}");
        Assert.Equal(ExpectedId, JsonDocument.Parse(reply.Payload).RootElement.GetProperty("id").GetString());
    }
}
