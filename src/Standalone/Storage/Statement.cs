using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Presence.Standalone.Storage;

/// <summary>
/// One prepared SQL statement. Below ADO.NET on purpose: a read or write by key is on the path of every sign-in, and parameters,
/// commands and readers as objects cost more there than SQLite itself.
/// </summary>
/// <remarks>Every text is bound as UTF-8 bytes of known length, so that no character of an id, NUL included, means anything.</remarks>
internal sealed class Statement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    public Statement(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v2(database, sql, out _statement));
    }

    public Statement Bind(int index, ReadOnlySpan<byte> value)
    {
        Check(raw.sqlite3_bind_blob(_statement, index, value));
        return this;
    }

    public Statement Bind(int index, long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, index, value));
        return this;
    }

    /// <summary>Goes to the next row.</summary>
    /// <returns>False after the last row.</returns>
    public bool Step()
    {
        var code = raw.sqlite3_step(_statement);
        if (code is raw.SQLITE_ROW)
        {
            return true;
        }

        if (code is not raw.SQLITE_DONE)
        {
            Check(code);
        }

        return false;
    }

    /// <summary>Runs a statement that has no rows, and makes it ready for the next run.</summary>
    /// <returns>How many rows it changed.</returns>
    public int Run()
    {
        try
        {
            Step();
            return raw.sqlite3_changes(_database);
        }
        finally
        {
            Reset();
        }
    }

    public byte[] Bytes(int column) => raw.sqlite3_column_blob(_statement, column).ToArray();

    public long Number(int column) => raw.sqlite3_column_int64(_statement, column);

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    /// <summary>Ends the read transaction that an unfinished statement holds open. The failure it may repeat was thrown by the step.</summary>
    public void Reset() => _ = raw.sqlite3_reset(_statement);

    public void Dispose() => _statement.Dispose();

    private void Check(int code) => SqliteException.ThrowExceptionForRC(code, _database);
}
