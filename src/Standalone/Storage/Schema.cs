using System.Globalization;

namespace Presence.Standalone.Storage;

/// <summary>The tables of the data file, and the checks before it is used.</summary>
internal static class Schema
{
    /// <summary>Reads come from the page cache of the operating system without a copy; writes never go this way.</summary>
    public const string ReaderSettings = "PRAGMA query_only=1; PRAGMA mmap_size=1073741824;";

    // 3: the newest states may be in the journal beside the file, which earlier programs do not know.
    private const long Version = 3;

    // "Pres" in ASCII: tells this program's files from any other SQLite file.
    private const long ApplicationId = 0x50726573;

    // Checking takes a little over a millisecond for each megabyte. A larger file is checked where it is read.
    private const long LargestFileToCheckBytes = 256L << 20;

    // A text is stored as its UTF-8 bytes: ids are literals, and SQLite's text functions stop at a NUL.
    private const string Create = """
        CREATE TABLE state(key BLOB NOT NULL PRIMARY KEY, etag INTEGER NOT NULL, data BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE sessions(life BLOB NOT NULL, user_id BLOB NOT NULL, PRIMARY KEY(life, user_id)) WITHOUT ROWID;
        CREATE TABLE reminders(
            grain BLOB NOT NULL, name BLOB NOT NULL, start_at INTEGER NOT NULL, period INTEGER NOT NULL, etag INTEGER NOT NULL,
            PRIMARY KEY(grain, name)) WITHOUT ROWID;
        """;

    private const string CreateOnline = "CREATE TABLE online(user_id BLOB NOT NULL PRIMARY KEY) WITHOUT ROWID;";

    /// <summary>Checks the file, makes the tables of a new one, and sets the writer's connection up.</summary>
    /// <exception cref="DataFileException">Damaged, of another program, or of a later version.</exception>
    public static void Prepare(Connection connection, string path)
    {
        var version = Number(connection, "PRAGMA user_version");
        if (version > Version)
        {
            throw new DataFileException(path, $"was written by a later version (schema {version}; this one knows {Version}).");
        }

        if (version == 0 ? Number(connection, "SELECT count(*) FROM sqlite_master") > 0
            : Number(connection, "PRAGMA application_id") != ApplicationId)
        {
            throw new DataFileException(path, "is a database of another program.");
        }

        CheckContent(connection, path);

        connection.RunOnce("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=4000; PRAGMA cache_size=-16384;");
        if (version < Version)
        {
            var missing = version switch { 0 => Create + CreateOnline, 1 => CreateOnline, _ => "" };
            connection.RunOnce($"BEGIN; {missing} PRAGMA application_id={ApplicationId}; PRAGMA user_version={Version}; COMMIT;");
        }
    }

    private static void CheckContent(Connection connection, string path)
    {
        if (new FileInfo(path).Length <= LargestFileToCheckBytes && connection.RunOnce("PRAGMA quick_check(1)") is not "ok")
        {
            throw new DataFileException(path, "is damaged.");
        }
    }

    private static long Number(Connection connection, string sql) => Convert.ToInt64(connection.RunOnce(sql), CultureInfo.InvariantCulture);
}
