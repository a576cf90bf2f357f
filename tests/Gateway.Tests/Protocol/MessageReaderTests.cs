using System.Buffers;
using System.Text;
using Presence.Gateway.Protocol;
using Xunit;

namespace Presence.Gateway.Tests.Protocol;

public class MessageReaderTests
{
    private const int MaxBytes = 4096;

    // One-byte pieces, an empty ping, a fragmented text with a pong between, a close.
    private static readonly byte[] Stream =
    [
        .. FrameBytes.Make(1, "{\"a\":1}"u8), .. FrameBytes.Make(9, []), .. FrameBytes.Make(1, "{\"€"u8, isFinal: false),
        .. FrameBytes.Make(10, "pong"u8), .. FrameBytes.Make(0, Encoding.ASCII.GetBytes("\":" + new string('1', 200) + "}")),
        .. FrameBytes.Make(8, [3, 232]),
    ];

    [Fact]
    public void Read_PieceEndsAnywhere_SameMessages()
    {
        var expected = ReadAll(new(Stream));
        Assert.Equal(5, expected.Count);

        for (var place = 0; place <= Stream.Length; place++)
        {
            Assert.Equal(expected, ReadAll(FrameBytes.Cut(Stream, place)));
        }

        Assert.Equal(expected, ReadAll(FrameBytes.Cut(Stream, Enumerable.Range(0, Stream.Length))));
    }

    [Fact]
    public void Read_BytesComeLater_SameMessages()
    {
        var expected = ReadAll(new(Stream));

        for (var place = 0; place <= Stream.Length; place++)
        {
            var reader = new MessageReader();
            var early = new ReadOnlySequence<byte>(Stream, 0, place);
            var messages = Read(ref reader, ref early);
            var rest = new ReadOnlySequence<byte>(Stream.AsMemory(place - (int)early.Length));
            messages.AddRange(Read(ref reader, ref rest));

            Assert.Equal(expected, messages);
            reader.Release();
        }
    }

    /// <summary>Changed, cut and joined frames: an outcome for each, within the limits, whatever the bytes and wherever a piece ends.</summary>
    [Fact]
    public void Read_MutatedFrames_NeverThrowsAndKeepsTheLimits()
    {
        var random = new Random(20260101);
        byte[][] seeds = [Stream, FrameBytes.Make(1, new byte[300]), FrameBytes.Make(2, "x"u8), FrameBytes.Make(8, []), FrameBytes.Make(0, "x"u8)];
        var before = GC.GetAllocatedBytesForCurrentThread();
        const int cases = 150_000;

        for (var i = 0; i < cases; i++)
        {
            var bytes = Mutation.Of(seeds[random.Next(seeds.Length)], seeds[random.Next(seeds.Length)], random);
            var sequence = random.Next(4) == 0
                ? FrameBytes.Cut(bytes, random.Next(bytes.Length + 1), random.Next(bytes.Length + 1))
                : new ReadOnlySequence<byte>(bytes);
            var reader = new MessageReader();

            Read(ref reader, ref sequence);
            reader.Release();
        }

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / cases, 0, 8192);
    }

    private static List<string> ReadAll(ReadOnlySequence<byte> bytes)
    {
        var reader = new MessageReader();
        var messages = Read(ref reader, ref bytes);
        reader.Release();
        return messages;
    }

    private static List<string> Read(ref MessageReader reader, ref ReadOnlySequence<byte> bytes)
    {
        List<string> messages = [];
        while (true)
        {
            var before = bytes.Length;
            var message = reader.Read(ref bytes, MaxBytes);
            Assert.InRange(bytes.Length, 0, before);
            if (message.Kind == MessageKind.None)
            {
                return messages;
            }

            Assert.InRange(message.Payload.Length, 0, MaxBytes);
            Assert.True(message.Kind == MessageKind.Fault || bytes.Length < before, "A message that takes no bytes would come for ever.");
            messages.Add($"{message.Kind} {message.Code} {Encoding.UTF8.GetString(message.Payload.Span)}");
            message.Release();
            if (message.Kind == MessageKind.Fault)
            {
                Assert.True(message.Code is 1002 or 1003 or 1007 or 1009, $"A fault with code {message.Code}.");
                return messages;
            }
        }
    }
}
