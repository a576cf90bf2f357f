using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Presence.Standalone.Storage;
using Xunit;

namespace Presence.Standalone.Tests.Storage;

public sealed class DataFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Write_ProcessKilledInTheMiddle_EveryAcknowledgedWriteIsThere()
    {
        var acknowledged = await WriteUntilKilledAsync(5_000);

        using var file = _folder.Open();
        var rows = new SqliteRows(file);
        Assert.All(acknowledged, number =>
            Assert.Equal(number, rows.Read(new("state", GrainId.Create("user", $"u-{number}")))?.ETag));
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(40_000)]
    public async Task WriteAgain_ProcessKilledInTheMiddle_EveryAcknowledgedWriteIsThere(int writes)
    {
        const int Rows = 100;
        var last = (await WriteUntilKilledAsync(writes, $"{Rows}"))[^1];

        using var file = _folder.Open();
        var rows = new SqliteRows(file);

        // One more may have been written than was acknowledged.
        Assert.All(Enumerable.Range(0, Rows).Select(i => last - i), number => Assert.Contains(
            rows.Read(new("state", GrainId.Create("user", $"u-{number % Rows}")))!.ETag, new[] { number, number == last - Rows + 1 ? last + 1 : number }));
    }

    [Fact]
    public async Task Open_HeldByAnotherProcess_NamesTheFile()
    {
        using var file = _folder.Open();
        using var second = StartWriter();

        var output = await second.StandardOutput.ReadToEndAsync();
        await second.WaitForExitAsync();

        Assert.Equal(1, second.ExitCode);
        Assert.Contains($"'{_folder.DataFilePath}' is in use by another process", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ByAnotherNameOfTheSameFile_IsRefused()
    {
        using var file = _folder.Open();
        var link = _folder.DataFilePath + ".link";
        File.CreateSymbolicLink(link, _folder.DataFilePath);

        Assert.Throws<DataFileException>(() => DataFile.Open(link, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance));
    }

    [Fact]
    public void Open_NotADatabase_IsRefused()
    {
        File.WriteAllText(_folder.DataFilePath, string.Concat(Enumerable.Repeat("not a database ", 1_000)));

        AssertRefused("cannot be read");
    }

    [Fact]
    public async Task Open_PageDamaged_IsRefused()
    {
        await FillAsync();
        using (var stream = File.OpenWrite(_folder.DataFilePath))
        {
            stream.Position = stream.Length / 2 / 4_096 * 4_096;
            stream.Write(Encoding.ASCII.GetBytes(new string('x', 4_096)));
        }

        AssertRefused("is damaged");
    }

    [Fact]
    public async Task Open_CutShort_IsRefused()
    {
        await FillAsync();
        using (var stream = File.OpenWrite(_folder.DataFilePath))
        {
            stream.SetLength(stream.Length / 2);
        }

        AssertRefused("");
    }

    [Fact]
    public void Open_JournalCannotBeOpened_IsRefused()
    {
        Directory.CreateDirectory(_folder.JournalPath);

        AssertRefused("cannot be read");
    }

    [Fact]
    public void Open_LaterSchema_IsRefused()
    {
        _folder.Open().Dispose();
        RunSql("PRAGMA user_version=4");

        AssertRefused("later version (schema 4; this one knows 3)");
    }

    [Fact]
    public void Open_EarlierSchema_GetsTheTablesThatAreMissing()
    {
        _folder.Open().Dispose();
        RunSql("DROP TABLE online; PRAGMA user_version=1");

        using (_folder.Open())
        {
        }

        RunSql("INSERT INTO online(user_id) VALUES(x'61')");
    }

    [Theory]
    [InlineData("CREATE TABLE theirs(id)")]
    [InlineData("PRAGMA user_version=1")]
    public void Open_OfAnotherProgram_IsRefused(string sql)
    {
        RunSql(sql);

        AssertRefused("another program");
    }

    [Fact]
    public void Open_MissingFolder_IsRefused()
    {
        var path = Path.Combine(_folder.DataFilePath, "presence.db");

        var refusal = Assert.Throws<DataFileException>(
            () => DataFile.Open(path, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance));

        Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_AfterASessionThatNobodyAwaited_IsNeverThereWithoutIt()
    {
        using var file = _folder.Open();
        var (sessions, rows) = (new SqliteSessionList(file), new SqliteRows(file));
        for (var i = 0; i < 500; i++)
        {
            var added = sessions.AddAsync($"life-{i:D3}", "ann");
            await rows.WriteAsync(new("state", GrainId.Create("user", $"u-{i / 2}")), new(new byte[1], i), i % 2 == 0 ? null : i - 1);

            Assert.Equal(i + 1, (await sessions.LivesAsync(CancellationToken.None)).Count);
            await added;
        }
    }

    [Fact]
    public async Task Write_StatementFails_FailsThatWriteAlone()
    {
        using var file = _folder.Open();
        var rows = new SqliteRows(file);

        var good = Enumerable.Range(0, 50).Select(i => rows.WriteAsync(new("state", GrainId.Create("user", $"u-{i}")), new(new byte[1], i), null)).ToList();
        var bad = file.WriteAsync(writer => writer.Prepare("INSERT INTO sessions(life, user_id) VALUES(?1, NULL)").Bind(1, "x"u8).Run());
        good.AddRange(Enumerable.Range(50, 50).Select(i => rows.WriteAsync(new("state", GrainId.Create("user", $"u-{i}")), new(new byte[1], i), null)));

        await Assert.ThrowsAsync<SqliteException>(() => bad);
        Assert.All(await Task.WhenAll(good), Assert.True);
    }

    [Fact]
    public async Task Write_TransactionLost_FailsAllOfItAndTheNextOneWorks()
    {
        using var file = _folder.Open();
        var rows = new SqliteRows(file);

        var lost = file.WriteAsync(writer => writer.Prepare("ROLLBACK").Run());

        await Assert.ThrowsAsync<SqliteException>(() => lost);
        Assert.True(await rows.WriteAsync(new("state", GrainId.Create("user", "ann")), new(new byte[1], 1), null));
    }

    /// <returns>The numbers of the acknowledged writes.</returns>
    private async Task<List<long>> WriteUntilKilledAsync(int count, string rows = "")
    {
        var acknowledged = new List<long>();
        using var writer = StartWriter(rows);
        while (acknowledged.Count < count)
        {
            acknowledged.Add(Number(await writer.StandardOutput.ReadLineAsync()));
        }

        writer.Kill();

        // What the pipe still holds was acknowledged too. The last line may be torn.
        var rest = (await writer.StandardOutput.ReadToEndAsync()).Split('\n');
        acknowledged.AddRange(rest[..^1].Select(Number));
        await writer.WaitForExitAsync();
        return acknowledged;
    }

    private static long Number(string? line) => long.Parse(line!, CultureInfo.InvariantCulture);

    private async Task FillAsync()
    {
        using var file = _folder.Open();
        var rows = new SqliteRows(file);
        await Task.WhenAll(Enumerable.Range(0, 1_000).Select(
            i => rows.WriteAsync(new("state", GrainId.Create("user", $"u-{i}")), new(new byte[200], i), null)));
    }

    private void RunSql(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.DataFilePath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private void AssertRefused(string reason)
    {
        var refusal = Assert.Throws<DataFileException>(_folder.Open);
        Assert.Contains($"The data file '{_folder.DataFilePath}' ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    private Process StartWriter(string rows = "")
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Presence.StoreWriter.dll");
        return Process.Start(new ProcessStartInfo(Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? Environment.ProcessPath : "dotnet")
        {
            ArgumentList = { program, _folder.DataFilePath, rows },
            RedirectStandardOutput = true,
        })!;
    }
}
