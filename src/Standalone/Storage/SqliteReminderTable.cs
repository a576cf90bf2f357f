using System.Globalization;
using System.Text;

namespace Presence.Standalone.Storage;

/// <summary>Orleans' reminders in the data file.</summary>
/// <remarks>
/// Reminders are one for each gateway and never one for each user, so every read takes the whole table and chooses here. The hash
/// of a grain is thereby Orleans' own at that moment, and not the one of the version that wrote the row.
/// </remarks>
internal sealed class SqliteReminderTable(DataFile file) : IReminderTable
{
    private const string Select = "SELECT grain, name, start_at, period, etag FROM reminders";
    private const string Delete = "DELETE FROM reminders WHERE grain = ?1 AND name = ?2 AND etag = ?3";
    private const string Upsert = """
        INSERT INTO reminders(grain, name, start_at, period, etag) VALUES(?1, ?2, ?3, ?4, ?5)
        ON CONFLICT DO UPDATE SET start_at = excluded.start_at, period = excluded.period, etag = excluded.etag
        """;

    public Task<ReminderTableData> ReadRows(GrainId grainId) => Rows(entry => entry.GrainId == grainId);

    public Task<ReminderTableData> ReadRows(uint begin, uint end) => Rows(entry => IsWithin(entry.GrainId.GetUniformHashCode(), begin, end));

    public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) =>
        Task.FromResult(Read().Find(entry => entry.GrainId == grainId && entry.ReminderName == reminderName));

    public async Task<string?> UpsertRow(ReminderEntry entry)
    {
        var (grain, name) = (Bytes(entry.GrainId), Encoding.UTF8.GetBytes(entry.ReminderName));
        var (startAt, period, etag) = (entry.StartAt.Ticks, entry.Period.Ticks, Random.Shared.NextInt64());
        await file.WriteAsync(writer =>
            writer.Prepare(Upsert).Bind(1, grain).Bind(2, name).Bind(3, startAt).Bind(4, period).Bind(5, etag).Run());
        return etag.ToString(CultureInfo.InvariantCulture);
    }

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag)
    {
        var (grain, name) = (Bytes(grainId), Encoding.UTF8.GetBytes(reminderName));
        return long.TryParse(eTag, CultureInfo.InvariantCulture, out var etag)
            ? file.WriteAsync(writer => writer.Prepare(Delete).Bind(1, grain).Bind(2, name).Bind(3, etag).Run() == 1)
            : Task.FromResult(false);
    }

    public Task TestOnlyClearTable() => file.WriteAsync(writer => writer.Prepare("DELETE FROM reminders").Run());

    /// <summary>Whether the hash lies after <paramref name="begin"/> and not after <paramref name="end"/>, on a ring; two equal ends are all of it.</summary>
    private static bool IsWithin(uint hash, uint begin, uint end) =>
        begin < end ? hash > begin && hash <= end : hash > begin || hash <= end;

    private Task<ReminderTableData> Rows(Predicate<ReminderEntry> isWanted) =>
        Task.FromResult(new ReminderTableData(Read().FindAll(isWanted)));

    private List<ReminderEntry> Read() => file.Read(ReadAll, 0);

    private static List<ReminderEntry> ReadAll(Connection reader, int unused)
    {
        var entries = new List<ReminderEntry>();
        var select = reader.Prepare(Select);
        try
        {
            while (select.Step())
            {
                entries.Add(new()
                {
                    GrainId = ToGrainId(select.Bytes(0)),
                    ReminderName = Encoding.UTF8.GetString(select.Bytes(1)),
                    StartAt = new DateTime(select.Number(2), DateTimeKind.Utc),
                    Period = new TimeSpan(select.Number(3)),
                    ETag = select.Number(4).ToString(CultureInfo.InvariantCulture),
                });
            }

            return entries;
        }
        finally
        {
            select.Reset();
        }
    }

    // A type holds no slash, so the first one parts it from the key.
    private static byte[] Bytes(GrainId grainId) => [.. grainId.Type.AsSpan(), (byte)'/', .. grainId.Key.AsSpan()];

    private static GrainId ToGrainId(byte[] bytes)
    {
        var slash = Array.IndexOf(bytes, (byte)'/');
        return new(new GrainType(bytes[..slash]), new IdSpan(bytes[(slash + 1)..]));
    }
}
