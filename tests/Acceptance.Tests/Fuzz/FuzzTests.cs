using System.Text;

namespace Presence.Acceptance.Tests.Fuzz;

/// <summary>Random bytes and messages that are almost right, from a fixed seed, while the control connection is served.</summary>
[Collection(nameof(HastyServer))]
public class FuzzTests(HastyServer fixture) : ServerTests(fixture)
{
    private const int Connections = 300;
    private const int MessagesEach = 12;

    private static readonly HashSet<int> Codes = [1000, 1001, 1002, 1003, 1005, 1007, 1009, 4001, 4008, 4029, 4501, 4509];

    private static readonly string[] Messages =
    [
        """{"type":"authenticate","userId":"f1","token":"t","device":{"id":"d","type":"web","name":"n"},"features":["batch"],"metadata":{}}""",
        """{"type":"set_status","status":"away","scope":"user","expiresAt":"2999-01-01T00:00:00Z","id":1}""",
        """{"type":"set_status","status":"busy"}""",
        """{"type":"heartbeat","active":true,"id":"x"}""",
        """{"type":"subscribe","userIds":["f1","f2","f3"],"known":{"f1":1}}""",
        """{"type":"unsubscribe","userIds":["f1"],"id":2}""",
        """{"type":"get_presence","userIds":["f1","\ud800","é"]}""",
        """{"type":"refresh_token","token":"t"}""",
        """{"type":"set_activity","activity":{"type":"viewing","x":["é",1.5]},"expiresIn":3000,"id":3}""",
        """{"type":"set_custom_status","text":"Lunch","emoji":"x","expiresAt":"2999-01-01T00:00:00Z"}""",
        """{"type":"set_metadata","metadata":{"a":{"b":[]}}}""",
        """{"type":"set_visibility","hidden":true}""",
        """{"type":"set_privacy","showOnlineStatus":"contacts","showActivity":"nobody"}""",
        """{"type":"block","userIds":["f1","f2"],"id":4}""",
        """{"type":"unblock","userIds":["f1"]}""",
    ];

    private static readonly string[] Tokens =
        ["{", "}", "[", "]", "\"", ",", ":", "null", "-1", "1e999", "\\ud800", "\\u0000", " ", "\\", "\"type\":", "\"userIds\":[", "\u2028", "é", "[[[[[[[["];

    [Fact]
    public async Task MutatedMessages_AreAnsweredAndNobodyElseNotices()
    {
        var random = new Random(20260101);
        for (var i = 0; i < Connections; i++)
        {
            await using var socket = i % 4 == 0 ? await OpenAsync() : await OpenSignedInAsync($"f{i % 60}");
            var sent = Enumerable.Range(0, MessagesEach).SelectMany(_ => WireFrame.MakeText(Mutate(random))).ToArray();

            await socket.TrySendAsync(sent);
            await EndsWellAsync(socket);
            await ControlIsServedAsync(i);
        }
    }

    [Fact]
    public async Task MutatedFrames_EndWithACodeOfTheStandard()
    {
        var random = new Random(20260102);
        for (var i = 0; i < Connections; i++)
        {
            await using var socket = await OpenSignedInAsync($"f{i % 60}");
            var sent = Enumerable.Range(0, MessagesEach).SelectMany(_ => MakeFrame(random)).ToArray();
            for (var flips = random.Next(4); flips > 0; flips--)
            {
                sent[random.Next(sent.Length)] ^= (byte)(1 << random.Next(8));
            }

            await socket.TrySendAsync(sent);
            await EndsWellAsync(socket);
            await ControlIsServedAsync(i);
        }
    }

    [Fact]
    public async Task MutatedRequests_AreAnsweredOrDropped()
    {
        var random = new Random(20260103);
        for (var i = 0; i < Connections; i++)
        {
            var request = new Upgrade().With("Origin: http://presence.example", "Sec-WebSocket-Protocol: presence.v1.json").ToBytes();
            for (var changes = random.Next(1, 6); changes > 0; changes--)
            {
                request[random.Next(request.Length)] = (byte)random.Next(256);
            }

            await using var socket = await RawSocket.ConnectAsync(Server.Port);
            await socket.TrySendAsync(request);
            socket.EndSending();

            var status = (await socket.ReadHttpAsync()).Status;
            Assert.True(status is 0 or 101 or (>= 200 and < 500) or 505, $"Got {status} for {Encoding.Latin1.GetString(request)}");
            await ControlIsServedAsync(i);
        }
    }

    /// <summary>Nothing but whole frames until the end, errors without a bug behind them, and a close code that stands in the protocol.</summary>
    private static async Task EndsWellAsync(RawSocket socket)
    {
        socket.EndSending();
        var frames = await socket.ReadToEndAsync();
        Assert.All(frames, frame => Assert.DoesNotContain("\"internal\"", frame.Text, StringComparison.Ordinal));
        Assert.All(frames.Where(frame => frame.Opcode == Op.Close), frame => Assert.True(
            Codes.Contains(frame.CloseCode) || frame.CloseCode is >= 3000 and < 5000 or > 1007 and < 1015, $"Closed with {frame.CloseCode}."));
    }

    private static string Mutate(Random random)
    {
        var text = new StringBuilder(Messages[random.Next(Messages.Length)]);
        for (var changes = random.Next(4); changes > 0; changes--)
        {
            var at = random.Next(text.Length + 1);
            switch (random.Next(3))
            {
                case 0:
                    text.Insert(at, Tokens[random.Next(Tokens.Length)]);
                    break;
                case 1:
                    text.Remove(at, Math.Min(random.Next(1, 8), text.Length - at));
                    break;
                default:
                    text.Append(Messages[random.Next(Messages.Length)].AsSpan(random.Next(20)));
                    break;
            }
        }

        return text.ToString();
    }

    private static byte[] MakeFrame(Random random)
    {
        int[] opcodes = [Op.Text, Op.Text, Op.Text, Op.Continuation, Op.Ping, Op.Pong, Op.Close, Op.Binary, random.Next(16)];
        var payload = Encoding.UTF8.GetBytes(Mutate(random)).Take(random.Next(60)).ToArray();
        return WireFrame.Make(opcodes[random.Next(opcodes.Length)], payload, random.Next(4) > 0, random.Next(20) == 0 ? random.Next(8) : 0);
    }

    private async Task ControlIsServedAsync(int round)
    {
        if (round % 10 == 0)
        {
            await CheckAsync();
        }
    }
}
