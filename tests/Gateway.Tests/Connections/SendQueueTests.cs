using Presence.Gateway.Delivery;
using Xunit;
using static Presence.Gateway.Tests.Connections.SendQueueFixture;

namespace Presence.Gateway.Tests.Connections;

public class SendQueueTests
{
    private readonly SendQueueFixture _fixture = new();

    [Fact]
    public async Task Send_ManyWhileTheReaderIsSlow_GoOutInOrderWithOneSend()
    {
        var queue = _fixture.Open();
        await _fixture.StopReadingAsync(queue);
        var before = _fixture.Wire.Sends;

        for (var i = 0; i < 200; i++)
        {
            queue.Send(Text($"m{i}"));
        }

        _fixture.Wire.ReadOn();
        var frames = await _fixture.Wire.FramesAsync(201);

        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"m{i}"), frames.Skip(1).Select(frame => frame.Text));
        Assert.Equal(1, _fixture.Wire.Sends - before);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(130)]
    public async Task Send_ReaderTakesAPartOfAFrame_TheRestFollowsBeforeAnythingElse(int bytes)
    {
        var queue = _fixture.Open();
        var large = new string('x', 300);
        _fixture.Wire.StopAfter(bytes);

        queue.Send(Text(large));
        await _fixture.Owner.Blocked.WaitAsync(Patience);
        queue.Send(Text("next"));
        _fixture.Wire.ReadOn();

        Assert.Equal([large, "next"], (await _fixture.Wire.FramesAsync(2)).Select(frame => frame.Text));
    }

    [Fact]
    public async Task OldestUnsent_WhileTheReaderIsSlow_IsTheAgeOfItsFirstFrame()
    {
        var queue = _fixture.Open();
        Assert.Equal(long.MaxValue, queue.OldestUnsent);
        var before = Environment.TickCount64;

        await _fixture.StopReadingAsync(queue);
        Assert.InRange(queue.OldestUnsent, before, Environment.TickCount64);
        Assert.True(queue.QueuedBytes > 0);

        _fixture.Wire.ReadOn();
        queue.Send(Text("fence"));
        await _fixture.Wire.FramesAsync(2);
        Assert.Equal(long.MaxValue, queue.OldestUnsent);
    }

    [Fact]
    public async Task Flush_ClientTakesBatches_OnlyNeighbouringUpdatesAreGathered()
    {
        var queue = _fixture.Open();
        queue.IsBatching = true;

        var frames = await _fixture.SendWhileStoppedAsync(
            queue, Text("a"), Update("u1"), Update("u2"), Text("b"), Update("u3"), Text("c"), Update("u4"), Update("u5"), Update("u6"));

        Assert.Equal(["a", "batch u1 u2", "b", "update u3", "c", "batch u4 u5 u6"], frames);
    }

    [Fact]
    public async Task Flush_ClientTakesNoBatches_EveryUpdateIsItsOwnMessage()
    {
        var frames = await _fixture.SendWhileStoppedAsync(_fixture.Open(), Update("u1"), Update("u2"), Text("b"), Update("u3"));

        Assert.Equal(["update u1", "update u2", "b", "update u3"], frames);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Send_ConnectionIsReset_OwnerHears(bool isWaiting)
    {
        var queue = _fixture.Open();
        if (isWaiting)
        {
            await _fixture.StopReadingAsync(queue);
        }

        _fixture.Wire.Break();
        queue.Send(Text("lost"));

        await _fixture.Owner.Broken.WaitAsync(Patience);
    }

    [Fact]
    public async Task Send_FailsAsItShouldNot_OwnerHearsWhy()
    {
        var queue = _fixture.Open();
        await _fixture.StopReadingAsync(queue);

        _fixture.Wire.Break(new NotSupportedException("a bug"));

        Assert.Equal("a bug", (await _fixture.Owner.Failed.WaitAsync(Patience)).Message);
    }

    [Fact]
    public async Task Offer_AVersionThatIsHeldAlready_IsNotSent()
    {
        var queue = _fixture.Open();
        var subscription = new Subscription(null!, queue) { Version = 5 };

        var taken = new long[] { 4, 5, 6, 6, 3, 7 }.Select(version => queue.Offer(Update($"v{version}"), subscription, version)).ToArray();
        queue.Send(Text("fence"));

        Assert.Equal([false, false, true, false, false, true], taken);
        Assert.Equal(["update v6", "update v7", "fence"], await _fixture.UntilAsync("fence"));
    }

    [Fact]
    public async Task Offer_SubscriberWaitsForItsSnapshot_NothingIsSent()
    {
        var queue = _fixture.Open();

        Assert.False(queue.Offer(Update("v1"), new Subscription(null!, queue), long.MaxValue - 1));
        queue.Send(Text("fence"));

        Assert.Equal(["fence"], await _fixture.UntilAsync("fence"));
    }
}
