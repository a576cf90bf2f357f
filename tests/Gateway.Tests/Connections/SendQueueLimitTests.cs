using Presence.Gateway.Protocol;
using Xunit;
using static Presence.Gateway.Tests.Connections.SendQueueFixture;

namespace Presence.Gateway.Tests.Connections;

public class SendQueueLimitTests
{
    private readonly SendQueueFixture _fixture = new();

    [Fact]
    public async Task Send_OverTheLimit_OfEachUserTheLatestUpdateStaysAndRepliesAllStay()
    {
        var queue = _fixture.Open(maxBytes: 4_000);
        var (alice, bob) = (new object(), new object());
        await _fixture.StopReadingAsync(queue);

        queue.Send(Text("first"));
        for (var i = 0; i < 1_000; i++)
        {
            queue.Send(Update($"a{i}", alice));
            queue.Send(Update($"b{i}", bob));
            if (i == 500)
            {
                queue.Send(Text("middle"));
            }
        }

        _fixture.Wire.ReadOn();
        queue.Send(Text("end"));
        var texts = await _fixture.UntilAsync("end");

        Assert.Equal(0, _fixture.Owner.FellBehind);
        Assert.Equal(2_000 - texts.Count(text => text.StartsWith("update", StringComparison.Ordinal)), _fixture.Owner.Replaced);
        Assert.Equal(["first", "middle", "end"], texts.Where(text => !text.StartsWith("update", StringComparison.Ordinal)).Skip(1));
        Assert.Equal("update b999", texts[^2]);
        Assert.Equal("update a999", texts[^3]);
        Assert.True(InOrder(texts, 'a') && InOrder(texts, 'b'));
    }

    [Fact]
    public async Task Send_OverTheLimitWithUpdatesOfManyUsers_FallsBehindOnceAndTheCloseIsAllThatFollows()
    {
        var queue = _fixture.Open(maxBytes: 4_000);
        await _fixture.StopReadingAsync(queue);

        for (var i = 0; i < 1_000; i++)
        {
            queue.Send(Update($"u{i}"));
        }

        _fixture.Wire.ReadOn();
        await _fixture.Owner.CloseSent.WaitAsync(Patience);
        var frames = _fixture.Wire.Frames();

        Assert.Equal(1, _fixture.Owner.FellBehind);
        Assert.Equal([1, 8], frames.Select(frame => frame.Opcode));
    }

    [Fact]
    public async Task Send_BytesOnTheirWayToASlowReader_CountAgainstTheLimit()
    {
        var queue = _fixture.Open(maxBytes: 4_000);
        _fixture.Wire.StopAfter(0);
        queue.Send(Text(new string('x', 3_900)));
        await _fixture.Owner.Blocked.WaitAsync(Patience);

        queue.Send(Text(new string('y', 200)));

        Assert.Equal(1, _fixture.Owner.FellBehind);
    }

    [Fact]
    public async Task Send_AfterAClose_NothingIsSentAndTheCloseIsLast()
    {
        var queue = _fixture.Open();
        await _fixture.StopReadingAsync(queue);

        queue.Send(Text("before"));
        queue.Send(Frame.Close(1012));
        queue.Send(Text("after"));
        queue.Send(Frame.Close(1011));
        Assert.False(_fixture.Owner.CloseSent.IsCompleted);
        _fixture.Wire.ReadOn();
        await _fixture.Owner.CloseSent.WaitAsync(Patience);
        var frames = _fixture.Wire.Frames();

        Assert.Equal([1, 1, 8], frames.Select(frame => frame.Opcode));
        Assert.Equal("before", frames[1].Text);
    }

    [Fact]
    public async Task CloseNow_WhatWaits_IsForgotten()
    {
        var queue = _fixture.Open();
        await _fixture.StopReadingAsync(queue);

        queue.Send(Text("dropped"));
        queue.CloseNow(Frame.Close(4013));
        _fixture.Wire.ReadOn();
        await _fixture.Owner.CloseSent.WaitAsync(Patience);

        Assert.Equal([1, 8], _fixture.Wire.Frames().Select(frame => frame.Opcode));
    }

    private static bool InOrder(IEnumerable<string> texts, char user)
    {
        var numbers = texts.Where(text => text.StartsWith("update " + user, StringComparison.Ordinal)).Select(text => int.Parse(text[8..])).ToList();
        return numbers.Count > 0 && numbers.SequenceEqual(numbers.Order());
    }
}
