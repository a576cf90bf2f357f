using Presence.Standalone.Storage;
using Xunit;

namespace Presence.Standalone.Tests.Storage;

public sealed class SqliteReminderTableTests : IDisposable
{
    private static readonly DateTime Noon = new(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    private readonly TemporaryFolder _folder = new();
    private readonly DataFile _file;
    private readonly SqliteReminderTable _table;

    public SqliteReminderTableTests()
    {
        _file = _folder.Open();
        _table = new SqliteReminderTable(_file);
    }

    public void Dispose()
    {
        _file.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task ReadRow_Missing_IsNull() => Assert.Null(await _table.ReadRow(Gateway("one"), "lease"));

    [Fact]
    public async Task UpsertRow_AnyCharacters_IsReadBack()
    {
        var entry = Entry("a/'; --\0😀", "lease\0'");
        var etag = await _table.UpsertRow(entry);

        var read = await _table.ReadRow(entry.GrainId, entry.ReminderName);

        Assert.Equal(entry.GrainId, read!.GrainId);
        Assert.Equal((entry.ReminderName, Noon, TimeSpan.FromMinutes(1), etag), (read.ReminderName, read.StartAt, read.Period, read.ETag));
        Assert.Equal(DateTimeKind.Utc, read.StartAt.Kind);
    }

    [Fact]
    public async Task UpsertRow_Again_ReplacesTheRow()
    {
        var first = await _table.UpsertRow(Entry("one", "lease"));
        var second = await _table.UpsertRow(Entry("one", "lease"));

        Assert.NotEqual(first, second);
        Assert.Equal(second, Assert.Single((await _table.ReadRows(Gateway("one"))).Reminders).ETag);
    }

    [Fact]
    public async Task RemoveRow_OtherETag_LeavesTheRow()
    {
        var etag = await _table.UpsertRow(Entry("one", "lease"));

        Assert.False(await _table.RemoveRow(Gateway("one"), "lease", "not an etag"));
        Assert.False(await _table.RemoveRow(Gateway("one"), "lease", "1"));
        Assert.True(await _table.RemoveRow(Gateway("one"), "lease", etag!));
        Assert.False(await _table.RemoveRow(Gateway("one"), "lease", etag!));
    }

    [Fact]
    public async Task ReadRows_OfTheRing_HoldTheEndAndNotTheBegin()
    {
        var hashes = Enumerable.Range(0, 20).Select(i => Gateway($"g-{i}").GetUniformHashCode()).Order().ToArray();
        for (var i = 0; i < 20; i++)
        {
            await _table.UpsertRow(Entry($"g-{i}", "lease"));
        }

        var within = await HashesAsync(hashes[5], hashes[10]);
        var around = await HashesAsync(hashes[10], hashes[5]);

        Assert.Equal(hashes[6..11], within);
        Assert.Equal([.. hashes[..6], .. hashes[11..]], around);
        Assert.Equal(hashes, await HashesAsync(0, 0));
        Assert.Equal(hashes, await HashesAsync(hashes[5], hashes[5]));
    }

    [Fact]
    public async Task ReadRows_AfterReopening_AreTheSame()
    {
        var etag = await _table.UpsertRow(Entry("one", "lease"));
        _file.Dispose();

        using var reopened = _folder.Open();

        Assert.Equal(etag, (await new SqliteReminderTable(reopened).ReadRow(Gateway("one"), "lease"))!.ETag);
    }

    private async Task<uint[]> HashesAsync(uint begin, uint end) =>
        [.. (await _table.ReadRows(begin, end)).Reminders.Select(entry => entry.GrainId.GetUniformHashCode()).Order()];

    private static ReminderEntry Entry(string life, string name) =>
        new() { GrainId = Gateway(life), ReminderName = name, StartAt = Noon, Period = TimeSpan.FromMinutes(1) };

    private static GrainId Gateway(string life) => GrainId.Create("gateway", life);
}
