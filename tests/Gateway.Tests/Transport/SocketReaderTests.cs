using System.Buffers;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Xunit;

namespace Presence.Gateway.Tests.Transport;

public class SocketReaderTests
{
    [Fact]
    public async Task Read_BytesCameBefore_GetsThem()
    {
        using var pair = await SocketPair.ConnectAsync();
        await pair.SendAsync("before");

        Assert.Equal("before", await pair.ReadAsync(6));
    }

    [Fact]
    public async Task Read_BytesComeLater_GetsThem()
    {
        using var pair = await SocketPair.ConnectAsync();
        var read = pair.ReadAsync(5);
        await pair.SendAsync("later");

        Assert.Equal("later", await read);
    }

    [Fact]
    public async Task Read_PartIsLeft_ComesAgainWithWhatFollows()
    {
        using var pair = await SocketPair.ConnectAsync();
        await pair.SendAsync("abcdef");
        var first = await pair.ReadAsync();
        pair.Ours.Input.AdvanceTo(first.Buffer.GetPosition(2), first.Buffer.End);

        var second = pair.ReadAsync();
        Assert.False(second.IsCompleted, "What was examined alone does not end the wait.");
        await pair.SendAsync("gh");

        Assert.Equal("cdefgh", Encoding.ASCII.GetString((await second).Buffer));
    }

    [Fact]
    public async Task Read_NotAllExamined_ReturnsAtOnce()
    {
        using var pair = await SocketPair.ConnectAsync();
        await pair.SendAsync("abcdef");
        var first = await pair.ReadAsync();
        pair.Ours.Input.AdvanceTo(first.Buffer.GetPosition(2));

        Assert.True(pair.Ours.Input.TryRead(out var second));
        Assert.Equal("cdef", Encoding.ASCII.GetString(second.Buffer));
    }

    /// <summary>More than any buffer at first, examined to its end each time, as a large message is.</summary>
    [Theory]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(1 << 20)]
    public async Task Read_NothingConsumed_BufferGrows(int count)
    {
        using var pair = await SocketPair.ConnectAsync();
        var sent = new byte[count];
        Random.Shared.NextBytes(sent);
        var sending = pair.Other.SendAsync(sent);
        while (true)
        {
            var result = await pair.ReadAsync();
            if (result.Buffer.Length == count)
            {
                Assert.Equal(sent, result.Buffer.ToArray());
                break;
            }

            pair.Ours.Input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }

        await sending;
    }

    /// <summary>Takes random parts, so that what is left moves in the buffer in every way.</summary>
    [Fact]
    public async Task Read_RandomParts_ArriveInOrder()
    {
        using var pair = await SocketPair.ConnectAsync();
        var random = new Random(7);
        var sent = new byte[300_000];
        random.NextBytes(sent);
        var sending = Task.Run(async () =>
        {
            for (var at = 0; at < sent.Length;)
            {
                var part = Math.Min(sent.Length - at, random.Next(1, 9_000));
                await pair.Other.SendAsync(sent.AsMemory(at, part));
                at += part;
            }
        });
        var received = new ArrayBufferWriter<byte>();
        var consumer = new Random(8);
        while (received.WrittenCount < sent.Length)
        {
            var result = await pair.ReadAsync();
            var part = result.Buffer.Slice(0, consumer.Next(0, (int)result.Buffer.Length + 1));
            received.Write(part.ToArray());
            var isAllHere = received.WrittenCount - part.Length + result.Buffer.Length == sent.Length;
            pair.Ours.Input.AdvanceTo(part.End, isAllHere || consumer.Next(2) == 0 ? part.End : result.Buffer.End);
        }

        await sending;
        Assert.Equal(sent, received.WrittenSpan);
    }

    /// <summary>Who is sent more than it can read in one turn gives way to others, and then goes on.</summary>
    [Fact]
    public async Task Read_ThereIsAlwaysMore_ReturnsToTheThreadPoolFromTimeToTime()
    {
        const int Count = 200_000;
        using var pair = await SocketPair.ConnectAsync();
        var sending = pair.Other.SendAsync(new byte[Count]);
        var (inRow, longest) = (0, 0);
        for (var left = (long)Count; left > 0;)
        {
            var read = pair.Ours.Input.ReadAsync();
            inRow = read.IsCompleted ? inRow + 1 : 0;
            longest = Math.Max(longest, inRow);
            var result = await read.AsTask().WaitAsync(SocketPair.Patience);
            left -= result.Buffer.Length;
            pair.Ours.Input.AdvanceTo(result.Buffer.End);
        }

        await sending;
        Assert.InRange(longest, 2, 8);
    }

    [Fact]
    public async Task Read_OtherSideEnds_GetsTheRestAndTheEnd()
    {
        using var pair = await SocketPair.ConnectAsync();
        await pair.SendAsync("last");
        pair.Other.Shutdown(SocketShutdown.Send);

        Assert.Equal("last", await pair.ReadAsync(4));
        var end = await pair.ReadAsync();
        Assert.True(end.IsCompleted);
        Assert.True(end.Buffer.IsEmpty);
    }

    [Fact]
    public async Task Read_OtherSideEndsWhileWaiting_Completes()
    {
        using var pair = await SocketPair.ConnectAsync();
        var read = pair.ReadAsync();
        pair.Other.Shutdown(SocketShutdown.Send);

        Assert.True((await read).IsCompleted);
    }

    [Fact]
    public async Task Read_OtherSideResets_Throws()
    {
        using var pair = await SocketPair.ConnectAsync();
        var read = pair.ReadAsync();
        pair.Other.Close(timeout: 0);

        await Assert.ThrowsAsync<ConnectionResetException>(() => read);
    }

    [Fact]
    public async Task Read_Aborted_ThrowsTheReason()
    {
        using var pair = await SocketPair.ConnectAsync();
        var read = pair.ReadAsync();
        pair.Ours.Close(new ConnectionAbortedException("Enough."));

        Assert.Equal("Enough.", (await Assert.ThrowsAsync<ConnectionAbortedException>(() => read)).Message);
        await Assert.ThrowsAsync<ConnectionAbortedException>(pair.ReadAsync);
    }

    [Fact]
    public async Task Read_AbortedWithBytesLeft_GivesThemToNobody()
    {
        using var pair = await SocketPair.ConnectAsync();
        await pair.SendAsync("one two");
        var result = await pair.ReadAsync();
        pair.Ours.Input.AdvanceTo(result.Buffer.GetPosition(4));
        pair.Ours.Close(new ConnectionAbortedException("Enough."));

        await Assert.ThrowsAsync<ConnectionAbortedException>(pair.ReadAsync);
    }

    [Fact]
    public async Task CancelPendingRead_WhileWaiting_ReturnsCancelledOnce()
    {
        using var pair = await SocketPair.ConnectAsync();
        var read = pair.ReadAsync();
        pair.Ours.Input.CancelPendingRead();
        var result = await read;
        Assert.True(result.IsCanceled);
        pair.Ours.Input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        await pair.SendAsync("on");

        Assert.Equal("on", await pair.ReadAsync(2));
    }

    [Fact]
    public async Task Read_TokenCancelled_ThrowsAndLosesNothing()
    {
        using var pair = await SocketPair.ConnectAsync();
        using var cancellation = new CancellationTokenSource();
        var read = pair.Ours.Input.ReadAsync(cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read.WaitAsync(SocketPair.Patience));
        await pair.SendAsync("on");

        Assert.Equal("on", await pair.ReadAsync(2));
    }

    /// <summary>As with Kestrel's own transport, also while a request is answered.</summary>
    [Fact]
    public async Task Ended_NobodyReads_OtherSideEnds_IsCancelled()
    {
        using var pair = await SocketPair.ConnectAsync();
        var ended = new TaskCompletionSource();
        using var registration = pair.Ours.Ended.Register(ended.SetResult);
        pair.Other.Shutdown(SocketShutdown.Send);

        await ended.Task.WaitAsync(SocketPair.Patience);
    }
}
