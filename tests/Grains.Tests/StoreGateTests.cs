using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Presence.Grains.Tests;

public class StoreGateTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Bridged_AfterAFailure_OneASecondTriesUntilOneSucceeds()
    {
        var gate = new StoreGate(new(IsBridged: true), _clock);
        Assert.True(gate.TryEnter() && gate.TryEnter());

        gate.Failed();
        Assert.False(gate.TryEnter());
        for (var seconds = 1; seconds <= 3; seconds++)
        {
            _clock.Advance(Second);
            Assert.True(gate.TryEnter());
            Assert.False(gate.TryEnter());
        }

        gate.Succeeded();
        Assert.True(gate.TryEnter() && gate.TryEnter());
    }

    [Fact]
    public void NotBridged_AfterAFailure_EverybodyTries()
    {
        var gate = new StoreGate(new(IsBridged: false), _clock);

        gate.Failed();

        Assert.True(gate.TryEnter() && gate.TryEnter());
    }
}
