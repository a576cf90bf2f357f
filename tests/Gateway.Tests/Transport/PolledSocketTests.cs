using System.Buffers;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Xunit;

namespace Presence.Gateway.Tests.Transport;

public class PolledSocketTests
{
    [Fact]
    public async Task Send_SlowReader_WaitsAndSendsAll()
    {
        using var pair = await SocketPair.ConnectAsync(sendBuffer: 4096);
        var sent = new byte[4 << 20];
        Random.Shared.NextBytes(sent);
        var sending = pair.Ours.SendAsync(sent);
        Assert.False(sending.IsCompleted, "The kernel takes no four megabytes at once.");

        var received = await ReceiveAsync(pair.Other, sent.Length);
        await sending.WaitAsync(SocketPair.Patience);
        Assert.Equal(sent, received);
    }

    [Fact]
    public async Task Send_AbortedWhileWaiting_Throws()
    {
        using var pair = await SocketPair.ConnectAsync(sendBuffer: 4096);
        var sending = pair.Ours.SendAsync(new byte[8 << 20]);
        pair.Ours.Close(new ConnectionAbortedException("Enough."));

        await Assert.ThrowsAsync<ConnectionResetException>(() => sending.WaitAsync(SocketPair.Patience));
        Assert.Equal(-1, pair.Ours.TrySend([1]));
    }

    [Fact]
    public async Task Send_CancelledWhileWaiting_Throws()
    {
        using var pair = await SocketPair.ConnectAsync(sendBuffer: 4096);
        using var cancellation = new CancellationTokenSource();
        var sending = pair.Ours.SendAsync(new byte[8 << 20], cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending.WaitAsync(SocketPair.Patience));
    }

    [Fact]
    public async Task Close_InOrder_WithUnreadBytes_LosesNothingThatWasSent()
    {
        using var pair = await SocketPair.ConnectAsync();
        await pair.Other.SendAsync(new byte[50_000]);
        Assert.Equal(4, pair.Ours.TrySend("last"u8));
        pair.Ours.Close(reason: null);

        Assert.Equal("last"u8.ToArray(), await ReceiveAsync(pair.Other, 4));
        Assert.Equal(0, await pair.Other.ReceiveAsync(new byte[1]));
        Assert.Equal(0, pair.Other.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error));
    }

    [Fact]
    public async Task Close_Aborted_ResetsTheOtherSide()
    {
        using var pair = await SocketPair.ConnectAsync();
        pair.Ours.Close(new ConnectionAbortedException("Enough."));

        var failure = await Assert.ThrowsAsync<SocketException>(async () => await pair.Other.ReceiveAsync(new byte[1]));
        Assert.Equal(SocketError.ConnectionReset, failure.SocketErrorCode);
    }

    /// <summary>Files are used again at once: nobody gets what the kernel says of an earlier socket, and nobody's bytes are missed.</summary>
    [Fact]
    public async Task ManySockets_OpenAndCloseSideBySide_EachGetsItsOwn()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async worker =>
        {
            for (var i = 0; i < 60; i++)
            {
                using var pair = await SocketPair.ConnectAsync();
                var text = $"worker {worker}, round {i};";
                for (var k = 0; k < 20; k++)
                {
                    var read = pair.ReadAsync(text.Length);
                    await pair.SendAsync(text);
                    Assert.Equal(text, await read);
                }

                if (i % 3 == 0)
                {
                    pair.Ours.Close(new ConnectionAbortedException("Enough."));
                }
            }
        }));
    }

    /// <summary>Both ways at once, and closed while it goes on: nothing hangs, and what arrives is the beginning of what was sent.</summary>
    [Fact]
    public async Task Close_AtAnyTime_EndsWhoReadsAndWhoSends()
    {
        var random = new Random(11);
        for (var i = 0; i < 100; i++)
        {
            using var pair = await SocketPair.ConnectAsync(sendBuffer: 4096);
            var sending = pair.Ours.SendAsync(new byte[1 << 20]);
            var reading = DrainAsync(pair);
            var talking = pair.Other.SendAsync(new byte[random.Next(1, 100_000)]);
            for (var yields = random.Next(50); yields > 0; yields--)
            {
                await Task.Yield();
            }

            pair.Ours.Close(new ConnectionAbortedException("Enough."));
            await Assert.ThrowsAnyAsync<IOException>(() => sending.WaitAsync(SocketPair.Patience));
            await Assert.ThrowsAsync<ConnectionAbortedException>(() => reading.WaitAsync(SocketPair.Patience));
            pair.Other.Dispose();
            await Task.WhenAny(talking).WaitAsync(SocketPair.Patience);
        }
    }

    private static async Task DrainAsync(SocketPair pair)
    {
        while (true)
        {
            var result = await pair.Ours.Input.ReadAsync();
            pair.Ours.Input.AdvanceTo(result.Buffer.End);
        }
    }

    private static async Task<byte[]> ReceiveAsync(Socket socket, int count)
    {
        var bytes = new ArrayBufferWriter<byte>(count);
        var buffer = new byte[10_000];
        while (bytes.WrittenCount < count)
        {
            var n = await socket.ReceiveAsync(buffer).WaitAsync(SocketPair.Patience);
            Assert.NotEqual(0, n);
            bytes.Write(buffer.AsSpan(0, n));
        }

        return bytes.WrittenSpan.ToArray();
    }
}
