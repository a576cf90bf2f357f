using Presence.Standalone.Storage;
using Xunit;

namespace Presence.Standalone.Tests.Storage;

/// <summary>What every store of states must do.</summary>
public abstract class StateRowsTests
{
    private static readonly StateKey Ann = Key("ann");
    private static readonly byte[] Bytes = [1, 2, 3];

    private protected abstract IStateRows Rows { get; }

    [Fact]
    public void Read_MissingRow_IsNull() => Assert.Null(Rows.Read(Ann));

    [Fact]
    public async Task Write_NewRow_IsReadBack()
    {
        Assert.True(await Rows.WriteAsync(Ann, new(Bytes, 7), null));

        Assert.Equal(Bytes, Rows.Read(Ann)!.Data);
        Assert.Equal(7, Rows.Read(Ann)!.ETag);
    }

    [Fact]
    public async Task Write_NoBytes_IsARow()
    {
        await Rows.WriteAsync(Ann, new(Array.Empty<byte>(), 7), null);

        Assert.Equal(0, Rows.Read(Ann)!.Data.Length);
    }

    [Fact]
    public async Task Write_OtherETag_ChangesNothing()
    {
        await Rows.WriteAsync(Ann, new(Bytes, 7), null);

        Assert.False(await Rows.WriteAsync(Ann, new(Bytes, 9), 8));
        Assert.False(await Rows.WriteAsync(Ann, new(Bytes, 9), null));
        Assert.False(await Rows.WriteAsync(Key("nobody"), new(Bytes, 9), 8));
        Assert.Equal(7, Rows.Read(Ann)!.ETag);
    }

    [Fact]
    public async Task Write_ManyAtOnceWithOneConflict_FailsTheConflictAlone()
    {
        await Rows.WriteAsync(Ann, new(Bytes, 7), null);

        var writes = Enumerable.Range(0, 5_000).Select(i => Rows.WriteAsync(Key($"u-{i}"), new(Bytes, i), null)).ToList();
        writes.Insert(2_500, Rows.WriteAsync(Ann, new(Bytes, 9), 8));
        var areDone = await Task.WhenAll(writes);

        Assert.False(areDone[2_500]);
        Assert.Equal(5_000, areDone.Count(isDone => isDone));
        Assert.All(Enumerable.Range(0, 5_000), i => Assert.Equal(i, Rows.Read(Key($"u-{i}"))!.ETag));
    }

    [Fact]
    public async Task Write_SameRowByManyWriters_OneWinsEachRound()
    {
        await Rows.WriteAsync(Ann, new(Bytes, 0), null);
        for (var round = 0; round < 20; round++)
        {
            var expected = Rows.Read(Ann)!.ETag;
            var results = await Task.WhenAll(Enumerable.Range(1, 100).Select(
                i => Task.Run(() => Rows.WriteAsync(Ann, new(Bytes, expected + i), expected))));

            Assert.Single(results, isDone => isDone);
        }
    }

    [Fact]
    public async Task Remove_ByETag_RemovesOnce()
    {
        await Rows.WriteAsync(Ann, new(Bytes, 7), null);

        Assert.False(await Rows.RemoveAsync(Ann, 8));
        Assert.False(await Rows.RemoveAsync(Ann, null));
        Assert.True(await Rows.RemoveAsync(Ann, 7));
        Assert.False(await Rows.RemoveAsync(Ann, 7));
        Assert.True(await Rows.RemoveAsync(Ann, null));
        Assert.Null(Rows.Read(Ann));
    }

    [Fact]
    public async Task Key_AnyCharacters_AreLiterals()
    {
        string[] ids = ["'; DROP TABLE state; --", "\"", "%00", "%", "_", "*", "a\0b", "a", "a\0", "\0", "😀", "é", "e\u0301", "A", "a/b", "/", "//", "?1"];
        for (var i = 0; i < ids.Length; i++)
        {
            Assert.True(await Rows.WriteAsync(Key(ids[i]), new(Bytes, i), null));
        }

        Assert.All(ids, (id, i) => Assert.Equal(i, Rows.Read(Key(id))!.ETag));
        Assert.Null(Rows.Read(Key("b")));
    }

    [Fact]
    public async Task Key_OtherStateNameOrType_IsAnotherRow()
    {
        await Rows.WriteAsync(Ann, new(Bytes, 7), null);

        Assert.Null(Rows.Read(Ann with { StateName = "settings" }));
        Assert.Null(Rows.Read(Ann with { GrainId = GrainId.Create("room", "ann") }));
    }

    private static StateKey Key(string id) => new("state", GrainId.Create("user", id));
}

/// <inheritdoc/>
public sealed class SqliteRowsTests : StateRowsTests, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DataFile _file;

    public SqliteRowsTests()
    {
        _file = _folder.Open();
        Rows = new SqliteRows(_file);
    }

    private protected override IStateRows Rows { get; }

    public void Dispose()
    {
        _file.Dispose();
        _folder.Dispose();
    }
}

/// <inheritdoc/>
public sealed class VolatileRowsTests : StateRowsTests
{
    private protected override IStateRows Rows { get; } = new VolatileRows();
}
