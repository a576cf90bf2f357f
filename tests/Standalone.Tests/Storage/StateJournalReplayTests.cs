using Microsoft.Data.Sqlite;
using Presence.Standalone.Storage;
using Xunit;
using static Presence.Standalone.Tests.Storage.States;

namespace Presence.Standalone.Tests.Storage;

public sealed class StateJournalReplayTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_AfterAnAbruptEnd_FoldsTheJournal()
    {
        using var file = _folder.Open();
        await PutAsync(new SqliteRows(file), "ann", 1, null);
        await PutAsync(new SqliteRows(file), "ann", 2, 1);
        await PutAsync(new SqliteRows(file), "ann", 3, 2);

        using var folder = _folder.Copy();
        using var copy = folder.Open();

        Assert.Equal(3, InTable(copy, "ann"));
        Assert.Equal(0, new FileInfo(folder.JournalPath).Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(100)]
    [InlineData(States.Bytes)]
    public async Task Open_LastRecordTorn_LosesItAlone(int lost)
    {
        using var file = _folder.Open();
        await PutAsync(new SqliteRows(file), "ann", 1, null);
        await PutAsync(new SqliteRows(file), "ann", 2, 1);
        await PutAsync(new SqliteRows(file), "ann", 3, 2);

        using var folder = _folder.Copy();
        using (var journal = File.OpenWrite(folder.JournalPath))
        {
            journal.SetLength(journal.Length - lost);
        }

        using var copy = folder.Open();
        Assert.Equal(2, InTable(copy, "ann"));
    }

    [Fact]
    public async Task Open_AnyByteDamaged_AppliesNothingFromThereOn()
    {
        using var file = _folder.Open();
        await PutAsync(new SqliteRows(file), "ann", 1, null);
        await PutAsync(new SqliteRows(file), "ann", 2, 1);
        var second = (int)JournalBytes;
        await PutAsync(new SqliteRows(file), "ann", 3, 2);
        for (var i = second; i < JournalBytes; i += 7)
        {
            using var folder = _folder.Copy();
            using (var journal = File.Open(folder.JournalPath, FileMode.Open))
            {
                journal.Position = i;
                var good = journal.ReadByte();
                journal.Position = i;
                journal.WriteByte((byte)~good);
            }

            using var copy = folder.Open();
            Assert.Equal(2, InTable(copy, "ann"));
        }
    }

    [Fact]
    public async Task Open_RecordsOfAnEarlierRound_ChangeNothing()
    {
        // All records are of one length, so that those of the last round end where one of the round before begins.
        const int Writes = StateJournal.MaxBytes / States.Bytes;
        using var file = _folder.Open();
        var rows = new SqliteRows(file);
        await PutAsync(rows, "bob", 1, null);
        for (var i = 1; i <= Writes; i++)
        {
            await PutAsync(rows, "ann", i, i == 1 ? null : i - 1);
            if (i == Writes / 2)
            {
                await PutAsync(rows, "bob", 2, 1);
            }
        }

        Assert.True(await rows.RemoveAsync(Key("bob"), 2));
        await PutAsync(rows, "bob", 3, null);

        using var folder = _folder.Copy();
        using var copy = folder.Open();
        Assert.Equal((Writes, 3), (InTable(copy, "ann"), InTable(copy, "bob")));
    }

    [Fact]
    public async Task Dispose_TableCannotBeWritten_KeepsTheJournal()
    {
        using (var other = new SqliteConnection($"Data Source={_folder.DataFilePath};Pooling=False"))
        {
            var file = _folder.Open();
            await PutAsync(new(file), "ann", 1, null);
            await PutAsync(new(file), "ann", 2, 1);
            other.Open();
            using var command = other.CreateCommand();
            command.CommandText = "BEGIN IMMEDIATE";
            command.ExecuteNonQuery();

            file.Dispose();
        }

        Assert.True(File.Exists(_folder.JournalPath));
        using var again = _folder.Open();
        Assert.Equal(2, InTable(again, "ann"));
    }

    private long JournalBytes => new FileInfo(_folder.JournalPath).Length;
}
