using System.Text;

namespace Presence.Acceptance.Tests.BadInput;

/// <summary>Rows B32 to B42 and B45 to B58: frames and messages that RFC 6455 or a limit forbids, and some that only look so.</summary>
[Collection(nameof(DefaultServer))]
public class FrameTests(DefaultServer fixture) : ServerTests(fixture)
{
    private const int MaxMessageBytes = 65_536;
    private const string Heartbeat = """{"type":"heartbeat","id":"h"}""";

    private static readonly byte[] HeartbeatBytes = Encoding.UTF8.GetBytes(Heartbeat);

    public static TheoryData<string, byte[]> ProtocolErrors() => new()
    {
        { "B32 no mask", WireFrame.Make(Op.Text, HeartbeatBytes, mask: []) },
        { "B32 ping without mask", WireFrame.Make(Op.Ping, "x"u8, mask: []) },
        { "B32 close without mask", WireFrame.Make(Op.Close, [], mask: []) },
        { "B33 RSV1", WireFrame.Make(Op.Text, HeartbeatBytes, reserved: 4) },
        { "B33 RSV2", WireFrame.Make(Op.Text, HeartbeatBytes, reserved: 2) },
        { "B33 RSV3", WireFrame.Make(Op.Text, HeartbeatBytes, reserved: 1) },
        { "B33 RSV1 on a ping", WireFrame.Make(Op.Ping, [], reserved: 4) },
        { "B35 ping of 126", WireFrame.Make(Op.Ping, new byte[126]) },
        { "B35 pong of 126", WireFrame.Make(Op.Pong, new byte[126]) },
        { "B35 close of 126", WireFrame.Make(Op.Close, [3, 232, .. new byte[124]]) },
        { "B35 ping of 1 TiB", WireFrame.Make(Op.Ping, [], declared: 1UL << 40) },
        { "B36 fragmented ping", WireFrame.Make(Op.Ping, "x"u8, isFinal: false) },
        { "B36 fragmented close", WireFrame.Make(Op.Close, [], isFinal: false) },
        { "B40 continuation without start", WireFrame.Make(Op.Continuation, HeartbeatBytes) },
        { "B40 unfinished continuation without start", WireFrame.Make(Op.Continuation, HeartbeatBytes, isFinal: false) },
        { "B40 continuation after a whole message", [.. WireFrame.Make(Op.Continuation, "x"u8)] },
        { "B41 text inside a message", [.. WireFrame.Make(Op.Text, "{"u8, isFinal: false), .. WireFrame.MakeText(Heartbeat)] },
        { "B41 binary inside a message", [.. WireFrame.Make(Op.Text, "{"u8, isFinal: false), .. WireFrame.Make(Op.Binary, "x"u8)] },
        { "B49 top bit of the length", WireFrame.Make(Op.Text, HeartbeatBytes, declared: 1UL << 63) },
        { "B49 all bits of the length", WireFrame.Make(Op.Text, HeartbeatBytes, declared: ulong.MaxValue) },
        { "B54 deflated text without the extension", WireFrame.Make(Op.Text, [0xaa, 0x56, 0x2a, 0xa9, 0x2c, 0x48, 0x55, 0x02, 0x00], reserved: 4) },
    };

    [Theory]
    [MemberData(nameof(ProtocolErrors))]
    public async Task B32_to_B54_BrokenFrame_ClosesWithProtocolError(string name, byte[] bytes)
    {
        Assert.NotEmpty(name);
        await using var socket = await OpenSignedInAsync();

        await socket.SendAsync(bytes);

        Assert.Empty(await Outcome.ClosesAsync(socket, 1002));
    }

    [Theory]
    [MemberData(nameof(ReservedOpcodes))]
    public async Task B34_ReservedOpcode_ClosesWithProtocolError(int opcode, bool isFinal)
    {
        await using var socket = await OpenSignedInAsync();

        await socket.SendAsync(WireFrame.Make(opcode, "x"u8, isFinal));

        Assert.Empty(await Outcome.ClosesAsync(socket, 1002));
    }

    public static TheoryData<int, bool> ReservedOpcodes()
    {
        var data = new TheoryData<int, bool>();
        foreach (var opcode in new[] { 3, 4, 5, 6, 7, 11, 12, 13, 14, 15 })
        {
            data.Add(opcode, true);
            data.Add(opcode, false);
        }

        return data;
    }

    [Fact]
    public async Task B37_TenPingsInOneSegment_AreAnsweredInOrder()
    {
        await using var socket = await OpenSignedInAsync();

        await socket.SendAsync(Enumerable.Range(0, 10).SelectMany(i => WireFrame.Make(Op.Ping, [(byte)i, 0xff])).ToArray());

        for (var i = 0; i < 10; i++)
        {
            var pong = await socket.ReadFrameAsync();
            Assert.Equal(Op.Pong, pong.Opcode);
            Assert.Equal([(byte)i, 0xff], pong.Payload);
        }
    }

    [Fact]
    public async Task B38_FloodOfPings_ClosesWithBudgetExceeded()
    {
        await using var socket = await OpenSignedInAsync();

        await socket.SendAsync(Enumerable.Range(0, 300).SelectMany(_ => WireFrame.Make(Op.Ping, "x"u8)).ToArray());

        var before = await Outcome.ClosesAsync(socket, 4029);
        Assert.All(before, frame => Assert.Equal(Op.Pong, frame.Opcode));
        Assert.InRange(before.Count, 90, 130);
    }

    [Fact]
    public async Task B39_UnsolicitedPong_IsIgnored()
    {
        await using var socket = await OpenSignedInAsync();

        await socket.SendAsync(WireFrame.Make(Op.Pong, "never asked"u8));

        await Outcome.IsServedAsync(socket);
    }

    [Fact]
    public async Task B42_EmptyFragmentsWithoutEnd_AreRefused()
    {
        await using var socket = await OpenSignedInAsync();
        var empty = WireFrame.Make(Op.Continuation, [], isFinal: false);

        await socket.SendAsync(WireFrame.Make(Op.Text, [], isFinal: false));
        await socket.TrySendAsync(Enumerable.Repeat(empty, 2000).SelectMany(f => f).ToArray());

        Assert.Empty(await Outcome.ClosesAsync(socket, 1009));
    }

    [Fact]
    public async Task B42_SixtyFourFragments_AreAllowedAndOneMoreIsNot()
    {
        await using var socket = await OpenSignedInAsync();

        await socket.SendAsync(Fragments(64));
        Assert.Contains("heartbeat_ack", (await socket.ReadDataAsync()).Text, StringComparison.Ordinal);
        await socket.SendAsync(Fragments(65));

        Assert.Empty(await Outcome.ClosesAsync(socket, 1009));
    }

    [Theory]
    [InlineData("41ff42", "never a byte of UTF-8")]
    [InlineData("eda080", "an encoded surrogate")]
    [InlineData("eda080edb080", "an encoded pair of surrogates")]
    [InlineData("c080", "two bytes for NUL")]
    [InlineData("f4908080", "above U+10FFFF")]
    [InlineData("e282", "cut at the end")]
    [InlineData("80", "starts in the middle")]
    [InlineData("fe", "a byte order mark of UTF-16")]
    public async Task B46_BrokenUtf8_ClosesWithInvalidPayload(string hex, string what)
    {
        Assert.NotEmpty(what);
        var text = "{\"type\":\"heartbeat\",\"x\":\""u8.ToArray().Concat(Convert.FromHexString(hex)).ToArray();
        await using var whole = await OpenSignedInAsync();
        await using var split = await OpenSignedInAsync();

        await whole.SendAsync(WireFrame.Make(Op.Text, text));
        await split.SendAsync(WireFrame.Make(Op.Text, text.AsSpan(0, text.Length - 1), isFinal: false));
        await split.SendAsync(WireFrame.Make(Op.Continuation, text.AsSpan(text.Length - 1)));

        Assert.Empty(await Outcome.ClosesAsync(whole, 1007));
        Assert.Empty(await Outcome.ClosesAsync(split, 1007));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(200)]
    public async Task B47_BinaryMessage_ClosesWithUnsupportedData(int length)
    {
        await using var socket = await OpenSignedInAsync();

        await socket.SendAsync(WireFrame.Make(Op.Binary, new byte[length]));

        Assert.Empty(await Outcome.ClosesAsync(socket, 1003));
    }

    [Fact]
    public async Task B48_EmptyText_IsBadJson()
    {
        await using var client = await SignInAsync();

        Outcome.Error(await client.AskAsync(""), "bad_json", "Invalid JSON format");
    }

    [Theory]
    [InlineData(1UL << 40)]
    [InlineData(long.MaxValue)]
    [InlineData(MaxMessageBytes + 1)]
    public async Task B50_GiantDeclaredLength_IsRefusedAtOnceAndReservesNothing(ulong declared)
    {
        await using var socket = await OpenSignedInAsync();
        var before = Server.ResidentBytes;

        await socket.SendAsync(WireFrame.Make(Op.Text, "ten bytes."u8, declared: declared));

        Assert.Empty(await Outcome.ClosesAsync(socket, 1009));
        Assert.InRange(Server.ResidentBytes - before, long.MinValue, 1 << 20);
    }

    [Fact]
    public async Task B51_B52_MessageAtTheLimit_IsTakenAndOneByteMoreIsNot()
    {
        await using var socket = await OpenSignedInAsync();

        await socket.SendTextAsync(Heartbeat.PadRight(MaxMessageBytes));
        Assert.Contains("heartbeat_ack", (await socket.ReadDataAsync()).Text, StringComparison.Ordinal);
        await socket.SendAsync(WireFrame.Make(Op.Text, HeartbeatBytes, isFinal: false));
        await socket.SendAsync(WireFrame.Make(Op.Continuation, Encoding.ASCII.GetBytes(new string(' ', MaxMessageBytes - Heartbeat.Length))));
        Assert.Contains("heartbeat_ack", (await socket.ReadDataAsync()).Text, StringComparison.Ordinal);
        await socket.SendAsync(WireFrame.Make(Op.Text, HeartbeatBytes, isFinal: false));
        await socket.SendAsync(WireFrame.Make(Op.Continuation, Encoding.ASCII.GetBytes(new string(' ', MaxMessageBytes - Heartbeat.Length + 1))));

        Assert.Empty(await Outcome.ClosesAsync(socket, 1009));
    }

    [Fact]
    public async Task B53_TenMebibytes_AreRefusedWithoutBeingKept()
    {
        var message = WireFrame.Make(Op.Text, new byte[10 << 20]);
        await using var first = await OpenSignedInAsync();
        await first.TrySendAsync(message);
        Assert.Empty(await Outcome.ClosesAsync(first, 1009));
        await using var socket = await OpenSignedInAsync();
        var before = Server.ResidentBytes;

        await socket.TrySendAsync(message);

        Assert.Empty(await Outcome.ClosesAsync(socket, 1009));
        Assert.InRange(Server.ResidentBytes - before, long.MinValue, 1 << 20);
    }

    private static byte[] Fragments(int count)
    {
        List<byte> all = [.. WireFrame.Make(Op.Text, HeartbeatBytes, isFinal: false)];
        for (var i = 2; i < count; i++)
        {
            all.AddRange(WireFrame.Make(Op.Continuation, [], isFinal: false));
        }

        return [.. all, .. WireFrame.Make(Op.Continuation, [])];
    }
}
