using System.Collections.Concurrent;

namespace Presence.Grains.Tests;

/// <summary>Reminders in memory, outside of every silo.</summary>
public sealed class TestReminderTable : IReminderTable
{
    private readonly ConcurrentDictionary<(GrainId Grain, string Name), ReminderEntry> _rows = new();

    public Task<ReminderTableData> ReadRows(GrainId grainId) => FindAsync(row => row.GrainId == grainId);

    public Task<ReminderTableData> ReadRows(uint begin, uint end) => FindAsync(row =>
    {
        // A range without its begin, which goes round where its end is not beyond it.
        var hash = row.GrainId.GetUniformHashCode();
        return begin < end ? hash > begin && hash <= end : hash > begin || hash <= end;
    });

    public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) => Task.FromResult(_rows.GetValueOrDefault((grainId, reminderName)));

    public Task<string?> UpsertRow(ReminderEntry entry)
    {
        entry.ETag = $"{Guid.NewGuid():N}";
        _rows[(entry.GrainId, entry.ReminderName)] = entry;
        return Task.FromResult<string?>(entry.ETag);
    }

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) => Task.FromResult(_rows.TryRemove((grainId, reminderName), out _));

    public Task TestOnlyClearTable()
    {
        _rows.Clear();
        return Task.CompletedTask;
    }

    private Task<ReminderTableData> FindAsync(Func<ReminderEntry, bool> isIt) => Task.FromResult(new ReminderTableData(_rows.Values.Where(isIt)));
}
