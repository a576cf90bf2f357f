using Presence.Gateway.Connections;
using Xunit;
using static Presence.Gateway.Tests.Connections.SendQueueFixture;

namespace Presence.Gateway.Tests.Connections;

public class SendQueueStressTests
{
    /// <summary>Four senders and a reader that stops at odd places: whoever sends, each sender's frames arrive once and in order.</summary>
    [Fact]
    public async Task Send_FromManyThreadsToAReaderThatStopsAgainAndAgain_NothingIsLostOrTurnedAround()
    {
        const int Senders = 4;
        const int PerSender = 500;
        var fixture = new SendQueueFixture();
        var queue = fixture.Open();

        var sending = Enumerable.Range(0, Senders).Select(sender => Task.Run(() => SendAll(queue, sender, PerSender))).ToArray();
        var reading = Task.Run(() => StopAndReadOn(fixture.Wire, 300));
        await Task.WhenAll([.. sending, reading]).WaitAsync(Patience);
        fixture.Wire.ReadOn();
        var frames = await fixture.Wire.FramesAsync(Senders * PerSender);

        Assert.Equal(Senders * PerSender, frames.Count);
        for (var sender = 0; sender < Senders; sender++)
        {
            var own = frames.Select(frame => frame.Text.Split(':')).Where(parts => parts[0] == $"{sender}").Select(parts => int.Parse(parts[1]));
            Assert.Equal(Enumerable.Range(0, PerSender), own);
        }
    }

    private static void SendAll(SendQueue queue, int sender, int count)
    {
        for (var i = 0; i < count; i++)
        {
            queue.Send(Text($"{sender}:{i}"));
        }
    }

    private static void StopAndReadOn(FakeWire wire, int rounds)
    {
        var random = new Random(11);
        for (var i = 0; i < rounds; i++)
        {
            wire.StopAfter(random.Next(0, 50));
            Thread.Yield();
            wire.ReadOn();
        }
    }
}
