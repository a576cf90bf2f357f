using System.Diagnostics;
using static Presence.Acceptance.Tests.Lifetimes.LifetimesServer;

namespace Presence.Acceptance.Tests.Lifetimes;

/// <summary>How soon, and how late, subscribers hear that somebody is gone: both bounds of each kind of end.</summary>
[Collection(LifetimesGroup.Name)]
public sealed class OfflineBoundsTests(LifetimesServer lifetimes)
{
    /// <summary>How a connection ends.</summary>
    public enum End
    {
        Close1000,
        CloseEmpty,
        Close1001,
        Close4000,
        Fin,
        Reset,
        Silence,
    }

    [Theory]
    [InlineData(End.Close1000)]
    [InlineData(End.CloseEmpty)]
    [InlineData(End.Close1001)]
    [InlineData(End.Close4000)]
    [InlineData(End.Fin)]
    [InlineData(End.Reset)]
    [InlineData(End.Silence)]
    public async Task Connections_EndForGood_EveryUserIsOfflineWithinTheBounds(End end)
    {
        var users = Names.Many("alice", 8);
        await using var watcher = await Watcher.StartAsync(lifetimes.Server, users);
        var clients = await Task.WhenAll(users.Select(user => SilentClient.SignInAsync(lifetimes.Server, user)));
        var lastWord = DateTimeOffset.UtcNow;
        var began = Stopwatch.StartNew();
        await Task.WhenAll(clients.Select(client => client.Socket.SendTextAsync("""{"type":"heartbeat"}""")));

        await Task.WhenAll(clients.Select(client => EndAsync(client.Socket, end)));
        var ended = began.Elapsed;
        var (earliest, latest) = Bounds(end);

        var left = new HashSet<string>(users);
        while (left.Count > 0)
        {
            var update = await watcher.Client.ExpectAsync("presence_update", u => left.Contains(u.UserId) && u.Status == "offline");
            left.Remove(update.UserId);
            Assert.InRange(began.Elapsed, earliest, ended + latest);
            Assert.InRange(update.Presence.GetProperty("lastSeen").GetDateTimeOffset(), lastWord.AddMilliseconds(-10), lastWord.AddSeconds(1));
        }

        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }
    }

    /// <summary>A close frame is the last sign of life, however long ago the one before was.</summary>
    [Theory]
    [InlineData(End.Close1000)]
    [InlineData(End.CloseEmpty)]
    [InlineData(End.Close1001)]
    public async Task Close_AfterAWhileWithoutAWord_IsWhenTheUserWasLastSeen(End end)
    {
        var alice = Names.New("alice");
        await using var watcher = await Watcher.StartAsync(lifetimes.Server, alice);
        await using var client = await SilentClient.SignInAsync(lifetimes.Server, alice);
        await client.IgnorePingsAsync(3);
        var closed = DateTimeOffset.UtcNow;

        await EndAsync(client.Socket, end);

        var update = await watcher.Client.ExpectAsync("presence_update", u => u.UserId == alice && u.Status == "offline");
        Assert.InRange(update.Presence.GetProperty("lastSeen").GetDateTimeOffset(), closed.AddMilliseconds(-10), closed.AddMilliseconds(500));
    }

    [Fact]
    public async Task Silence_TheServerClosesTheSocketItself()
    {
        await using var client = await SilentClient.SignInAsync(lifetimes.Server, Names.New("alice"));
        var began = Stopwatch.StartNew();

        var close = await client.ReadUntilAsync(frame => frame.Opcode == Op.Close);

        Assert.Equal(4008, close.CloseCode);
        Assert.InRange(began.Elapsed, Silence - TimeSpan.FromMilliseconds(500), Silence + TimeSpan.FromSeconds(1));
        Assert.True((await client.ReadUntilAsync(frame => frame.IsEnd)).IsEnd);
    }

    /// <summary>F4: the cable is back before the silence was too long.</summary>
    [Fact]
    public async Task Silence_EndsBeforeTheTimeout_NothingShowsAndMissedUpdatesCome()
    {
        var (alice, bob) = (Names.New("alice"), Names.New("bob"));
        await using var watcher = await Watcher.StartAsync(lifetimes.Server, alice, bob);
        await using var gone = await SilentClient.SignInAsync(lifetimes.Server, bob);
        await using var paused = await SilentClient.SignInAsync(lifetimes.Server, alice);
        await paused.Socket.SendTextAsync($$"""{"type":"subscribe","userIds":["{{bob}}"]}""");
        var before = (await watcher.UpdatesOfAsync(alice)).Count;

        for (var i = 0; i < 3; i++)
        {
            await paused.IgnorePingsAsync(2);
            await paused.Socket.SendTextAsync("""{"type":"heartbeat"}""");
        }

        WireFrame frame;
        do
        {
            frame = await paused.Socket.ReadDataAsync();
        }
        while (!frame.IsEnd && !(frame.Text.Contains("presence_update", StringComparison.Ordinal) && frame.Text.Contains(bob, StringComparison.Ordinal)));

        Assert.Contains("offline", frame.Text, StringComparison.Ordinal);
        Assert.Equal(before, (await watcher.UpdatesOfAsync(alice)).Count);
    }

    private static (TimeSpan Earliest, TimeSpan Latest) Bounds(End end) => end switch
    {
        End.Close1000 or End.CloseEmpty => (TimeSpan.Zero, Delivery),
        End.Silence => (Silence + Grace, Silence + Grace + Delivery),
        _ => (Grace, Grace + Delivery),
    };

    private static async Task EndAsync(RawSocket socket, End end)
    {
        switch (end)
        {
            case End.Close1000:
                await socket.SendAsync(WireFrame.MakeClose(1000));
                break;
            case End.CloseEmpty:
                await socket.SendAsync(WireFrame.Make(Op.Close, []));
                break;
            case End.Close1001:
                await socket.SendAsync(WireFrame.MakeClose(1001));
                break;
            case End.Close4000:
                await socket.SendAsync(WireFrame.MakeClose(4000, "a reason of its own"));
                break;
            case End.Fin:
                socket.EndSending();
                break;
            case End.Reset:
                // The server may answer the heartbeat first: only what it has read counts as the last word.
                await socket.ReadDataAsync();
                socket.Abort();
                break;
            case End.Silence:
                break;
        }
    }
}
