using Presence.Grains.Rules.Gateways;
using Xunit;

namespace Presence.Grains.Tests.Rules.Gateways;

public class SinkRegistryStateTests
{
    private static readonly SinkRegistryState Empty = new();

    [Fact]
    public void Begin_Repeated_IsTheVerySameState()
    {
        var state = Begin(Begin(Empty, "a"), "b");

        Assert.Equal(["a", "b"], state.Live.Select(live => live.Sink));
        Assert.Same(state, Begin(state, "a"));
    }

    [Fact]
    public void Begin_WithAnotherObserver_TakesItsPlace()
    {
        var observer = new Observer();
        var state = Begin(Begin(Empty, "a"), "b").Begin(new("a", observer));

        Assert.Equal([("a", observer), ("b", null)], state.Live.Select(live => (live.Sink, (Observer?)live.Observer)));
        Assert.Same(state, state.Begin(new("a", observer)));
    }

    [Fact]
    public void End_IsForGood()
    {
        var state = Begin(Begin(Empty, "a"), "b").End("a");

        Assert.Equal("b", Assert.Single(state.Live).Sink);
        Assert.Equal(["a"], state.Ended);
        Assert.Same(state, state.End("a"));
        Assert.Same(state, Begin(state, "a"));
    }

    [Fact]
    public void End_OfOneThatNeverBegan_IsKeptToo()
    {
        var state = Empty.End("a");

        Assert.Same(state, Begin(state, "a"));
    }

    [Fact]
    public void End_OfVeryMany_KeepsTheLatest()
    {
        var state = Empty;
        for (var i = 1; i <= 1_030; i++)
        {
            state = state.End($"sink {i}");
        }

        Assert.Equal(Enumerable.Range(7, 1_024).Select(i => $"sink {i}"), state.Ended);
    }

    private static SinkRegistryState Begin(SinkRegistryState state, string sink) => state.Begin(new(sink, Observer: null));

    private sealed class Observer : IPresenceSinkObserver
    {
        public Task DeliverAsync(SinkBatch batch) => throw new NotSupportedException();
    }
}
