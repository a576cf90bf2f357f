using Microsoft.Data.Sqlite;
using Presence.Standalone.Storage;
using Xunit;
using static Presence.Standalone.Tests.Storage.States;

namespace Presence.Standalone.Tests.Storage;

public sealed class StateJournalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Write_RowWrittenLately_GoesToTheJournal()
    {
        using var file = _folder.Open();
        var rows = new SqliteRows(file);
        await PutAsync(rows, "ann", 1, null);
        Assert.Equal(0, JournalBytes);

        Assert.True(rows.WriteAsync(Key("ann"), Row(2), 1).IsCompletedSuccessfully);

        Assert.InRange(JournalBytes, States.Bytes, States.Bytes + 100);
        Assert.Equal(2, rows.Read(Key("ann"))!.ETag);
        Assert.Equal(1, InTable(file, "ann"));
    }

    [Fact]
    public async Task Write_RowNotWrittenLately_GoesToTheTable()
    {
        using (var before = _folder.Open())
        {
            await PutAsync(new(before), "ann", 1, null);
        }

        using var file = _folder.Open();
        await PutAsync(new(file), "ann", 2, 1);

        Assert.Equal((0, 2), (JournalBytes, InTable(file, "ann")));
    }

    [Fact]
    public async Task Write_LargeState_GoesToTheTable()
    {
        using var file = _folder.Open();
        var rows = new SqliteRows(file);
        await PutAsync(rows, "ann", 1, null);
        await PutAsync(rows, "ann", 2, 1);

        Assert.True(await rows.WriteAsync(Key("ann"), new(new byte[StateJournal.MaxRecordBytes], 3), 2));

        Assert.Equal(3, InTable(file, "ann"));
        Assert.Equal(StateJournal.MaxRecordBytes, rows.Read(Key("ann"))!.Data.Length);
    }

    [Fact]
    public async Task Write_MoreThanTheJournalHolds_IsFoldedIntoTheTable()
    {
        const int Writes = 2 * StateJournal.MaxBytes / States.Bytes;
        using (var file = _folder.Open())
        {
            var (rows, toTable) = (new SqliteRows(file), 0);
            await PutAsync(rows, "ann", 1, null);
            await PutAsync(rows, "ann", 2, 1);
            for (var i = 0; i < Writes; i++)
            {
                var write = rows.WriteAsync(Key($"u-{i % 100}"), Row(i), i < 100 ? null : i - 100);
                toTable += write.IsCompleted ? 0 : 1;
                Assert.True(await write);
                Assert.InRange(JournalBytes, 0, StateJournal.MaxBytes);
            }

            Assert.Equal(2, InTable(file, "ann"));
            Assert.InRange(toTable, 1, 200);
        }

        Assert.False(File.Exists(_folder.JournalPath));
        using var again = _folder.Open();
        Assert.All(Enumerable.Range(Writes - 100, 100), i => Assert.Equal(i, InTable(again, $"u-{i % 100}")));
    }

    [Fact]
    public async Task Write_JournaledRowTwiceInOneTransaction_KeepsTheLast()
    {
        using var file = _folder.Open();
        var rows = new SqliteRows(file);
        await PutAsync(rows, "ann", 1, null);
        await PutAsync(rows, "ann", 2, 1);

        var results = await WhileBusyAsync(file, () => [
            rows.WriteAsync(Key("ann"), Row(3), 2), rows.WriteAsync(Key("ann"), Row(4), 3), rows.WriteAsync(Key("ann"), Row(5), 2)]);

        Assert.Equal([true, true, false], results);
        Assert.Equal((4, 4), (rows.Read(Key("ann"))!.ETag, InTable(file, "ann")));
    }

    [Fact]
    public async Task Write_JournaledRowInALostTransaction_StaysAsItWas()
    {
        using var file = _folder.Open();
        var rows = new SqliteRows(file);
        await PutAsync(rows, "ann", 1, null);
        await PutAsync(rows, "ann", 2, 1);

        var lost = WhileBusyAsync(file, () => [
            rows.WriteAsync(Key("ann"), Row(3), 2), file.WriteAsync(writer => writer.Prepare("ROLLBACK").Run() == 0)]);
        await Assert.ThrowsAsync<SqliteException>(() => lost);
        await PutAsync(rows, "bob", 1, null);

        Assert.Equal((2, 1), (rows.Read(Key("ann"))!.ETag, InTable(file, "ann")));
        await PutAsync(rows, "ann", 4, 2);
        using var folder = _folder.Copy();
        using var copy = folder.Open();
        Assert.Equal(4, InTable(copy, "ann"));
    }

    [Fact]
    public async Task Write_WhileOthersWait_IsNotBeforeThem()
    {
        using var file = _folder.Open();
        var rows = new SqliteRows(file);
        await PutAsync(rows, "ann", 1, null);

        var results = await WhileBusyAsync(file, () =>
        {
            var write = rows.WriteAsync(Key("ann"), Row(2), 1);
            Assert.False(write.IsCompleted);
            return [write];
        });

        Assert.Equal([true], results);
        Assert.Equal((0, 2), (JournalBytes, InTable(file, "ann")));
    }

    private long JournalBytes => new FileInfo(_folder.JournalPath).Length;

    /// <summary>Begins writes while the writer is held up, so that they share a transaction.</summary>
    private static async Task<bool[]> WhileBusyAsync(DataFile file, Func<Task<bool>[]> begin)
    {
        using var isHeld = new SemaphoreSlim(0);
        using var mayGoOn = new ManualResetEventSlim();
        var held = file.WriteAsync(_ =>
        {
            isHeld.Release();
            mayGoOn.Wait();
            return true;
        });
        await isHeld.WaitAsync();
        var writes = begin();
        mayGoOn.Set();
        await held;
        return await Task.WhenAll(writes);
    }
}
