using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Storage;
using Presence.Standalone.Storage;
using Xunit;

namespace Presence.Standalone.Tests.Storage;

public sealed class GrainStorageTests : IDisposable
{
    private static readonly GrainId Ann = GrainId.Create("user", "ann");

    private readonly ServiceProvider _services = new ServiceCollection()
        .AddSerializer()
        .AddSingleton<IStateRows, VolatileRows>()
        .AddSingleton<GrainStorage>()
        .BuildServiceProvider();

    private GrainStorage Storage => _services.GetRequiredService<GrainStorage>();

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task Read_NothingStored_IsAFreshStateWithoutETag()
    {
        var read = await ReadAsync();

        Assert.False(read.RecordExists);
        Assert.Null(read.ETag);
        Assert.Empty(read.State!);
    }

    [Fact]
    public async Task Write_ThenRead_IsTheStateOfThatMoment()
    {
        var state = new GrainState<List<string>>(["online"]);
        await Storage.WriteStateAsync("state", Ann, state);
        state.State!.Add("later");

        var read = await ReadAsync();

        Assert.True(read.RecordExists);
        Assert.Equal(state.ETag, read.ETag);
        Assert.Equal(["online"], read.State);
    }

    [Fact]
    public async Task Write_AfterSomebodyElse_IsInconsistentAndKeepsTheirs()
    {
        var (mine, theirs) = (await ReadAsync(), await ReadAsync());
        theirs.State = ["theirs"];
        await Storage.WriteStateAsync("state", Ann, theirs);

        var failure = await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.WriteStateAsync("state", Ann, mine));
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.ClearStateAsync("state", Ann, mine));

        Assert.Equal(theirs.ETag, failure.StoredEtag);
        Assert.Equal(["theirs"], (await ReadAsync()).State);
    }

    [Fact]
    public async Task Clear_ThenWriteWithTheOldETag_IsInconsistent()
    {
        await Storage.WriteStateAsync("state", Ann, new GrainState<List<string>>(["first"]));
        var (current, late) = (await ReadAsync(), await ReadAsync());
        await Storage.ClearStateAsync("state", Ann, current);
        await Storage.WriteStateAsync("state", Ann, current);

        Assert.Empty(current.State!);
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.WriteStateAsync("state", Ann, late));
    }

    private async Task<GrainState<List<string>>> ReadAsync()
    {
        var state = new GrainState<List<string>>();
        await Storage.ReadStateAsync("state", Ann, state);
        return state;
    }
}
