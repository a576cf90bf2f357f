using System.Diagnostics;
using System.Text;

namespace Presence.Harness.Wire;

/// <summary>What bad input may lead to.</summary>
public static class Outcome
{
    private static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(2);

    // What a stack trace, a parser, a type name or the machine would show.
    private static readonly string[] Leaks =
        ["Exception", "   at ", "System.", "Microsoft.", "Orleans", "Presence.", ".cs", "LineNumber", "BytePosition", "grain", "silo", Environment.MachineName];

    /// <summary>Exactly one error with this code, and nothing else.</summary>
    public static Received Error(IReadOnlyList<Received> replies, string code, string? message = null)
    {
        Assert.True(replies.Count == 1, $"Awaited one error {code}, got {replies.Count} messages: {string.Join('\n', replies)}");
        IsError(replies[0], code, message);
        return replies[0];
    }

    public static void IsError(Received reply, string code, string? message = null)
    {
        Assert.True(reply.Type == "error" && reply.Code == code, $"Awaited an error {code}, got {reply}");
        if (message is not null)
        {
            Assert.Equal(message, reply["message"]);
        }

        Assert.InRange(Encoding.UTF8.GetByteCount(reply["message"]), 1, 200);
        Assert.All(Leaks, leak => Assert.DoesNotContain(leak, reply.Text, StringComparison.Ordinal));
    }

    /// <summary>The server closes with one of these codes, soon, and then ends the connection when the close is answered.</summary>
    public static async Task<List<WireFrame>> ClosesAsync(RawSocket socket, params int[] codes)
    {
        var began = Stopwatch.GetTimestamp();
        List<WireFrame> before = [];
        while (true)
        {
            var frame = await socket.ReadDataAsync(RawSocket.Deadline - Stopwatch.GetElapsedTime(began));
            if (frame.Opcode == Op.Close)
            {
                Assert.Contains(frame.CloseCode, codes);
                await socket.TrySendAsync(WireFrame.Make(Op.Close, frame.Payload));
                socket.EndSending();
                break;
            }

            Assert.False(frame.IsEnd, $"Awaited a close frame {string.Join('/', codes)}, got {frame} after {string.Join("; ", before)}");
            before.Add(frame);
        }

        Assert.True((await socket.ReadToEndAsync())[^1].IsEnd);
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, CloseTime);
        return before;
    }

    /// <summary>The connection goes on: a question is answered, and nothing comes before the answer.</summary>
    public static async Task IsServedAsync(RawSocket socket)
    {
        await socket.SendTextAsync("""{"type":"heartbeat","id":"served"}""");
        var reply = await socket.ReadDataAsync();
        Assert.Contains("\"served\"", reply.Text, StringComparison.Ordinal);
        Assert.Contains("\"heartbeat_ack\"", reply.Text, StringComparison.Ordinal);
    }
}
