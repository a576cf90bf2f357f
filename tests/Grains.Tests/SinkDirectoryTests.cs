using Xunit;

namespace Presence.Grains.Tests;

public class SinkDirectoryTests
{
    private readonly SinkDirectory _sinks = new();

    [Fact]
    public void Begin_Repeated_IsListedOnce()
    {
        _sinks.Begin("a", observer: null);
        var live = _sinks.Live;
        _sinks.Begin("a", observer: null);

        Assert.Equal("a", Assert.Single(live));
        Assert.True(live == _sinks.Live);
    }

    [Fact]
    public void End_OfASink_IsForGood()
    {
        _sinks.Begin("a", observer: null);
        _sinks.End("a");
        _sinks.Begin("a", observer: null);

        Assert.Empty(_sinks.Live);
        Assert.True(_sinks.HasEnded("a"));
        Assert.False(_sinks.HasEnded("b"));
    }
}
