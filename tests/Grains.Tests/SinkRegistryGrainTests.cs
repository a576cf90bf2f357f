using Presence.Grains.Rules.Gateways;
using Xunit;

namespace Presence.Grains.Tests;

public sealed class SinkRegistryGrainTests(TimedCluster cluster) : IClassFixture<TimedCluster>
{
    private readonly string _sink = $"sink {Guid.NewGuid():N}";

    private ISinkRegistryGrain Registry => cluster.Cluster.Client.GetGrain<ISinkRegistryGrain>(0);

    [Fact]
    public async Task Read_NothingHasChanged_GivesNothing()
    {
        await BeatAsync(_sink);
        var list = (await Registry.ReadAsync(0))!;
        Assert.Contains(list.Live, entry => entry.Sink == _sink);
        Assert.Null(await Registry.ReadAsync(list.Version));

        await Registry.BeginAsync(new(_sink, Observer: null));
        Assert.Null(await Registry.ReadAsync(list.Version));

        await cluster.Gateway(_sink).EndAsync();
        var after = (await Registry.ReadAsync(list.Version))!;
        Assert.DoesNotContain(after.Live, entry => entry.Sink == _sink);
        Assert.Contains(_sink, after.Ended);
    }

    [Fact]
    public async Task Sinks_AfterTheGrainLeftMemory_AreThereUnderAnotherVersion()
    {
        await BeatAsync(_sink);
        var before = (await Registry.ReadAsync(0))!;
        cluster.Clock.Advance(TimeSpan.FromSeconds(1));

        await cluster.Cluster.DeactivateAsync(Registry);

        var after = (await Registry.ReadAsync(before.Version))!;
        Assert.Equal(before.Live.Select(entry => entry.Sink), after.Live.Select(entry => entry.Sink));
        Assert.Contains(cluster.Storage.Read<SinkRegistryState>(Registry)!.Live, entry => entry.Sink == _sink);
    }

    [Fact]
    public async Task Write_Fails_CallerHearsItAndTheNextCallFindsWhatIsStored()
    {
        await BeatAsync($"{_sink} before");
        cluster.Storage.IsOut = true;
        await Assert.ThrowsAnyAsync<Exception>(() => Registry.BeginAsync(new(_sink, Observer: null)).AsTask());
        cluster.Storage.IsOut = false;

        Assert.DoesNotContain((await Registry.ReadAsync(0))!.Live, entry => entry.Sink == _sink);

        await BeatAsync(_sink);
        Assert.Superset(
            new HashSet<string> { _sink, $"{_sink} before" }, (await Registry.ReadAsync(0))!.Live.Select(entry => entry.Sink).ToHashSet());
    }

    // Of a lease that lives: the registry asks after all others, and they turn out to be over.
    private async Task BeatAsync(string sink) =>
        Assert.True((await cluster.Gateway(sink).BeatAsync(new(IsFirst: true, Observer: null))).IsAlive);
}
