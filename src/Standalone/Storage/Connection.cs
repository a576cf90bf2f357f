using Microsoft.Data.Sqlite;

namespace Presence.Standalone.Storage;

/// <summary>One connection to the data file and the statements prepared on it. Used by one thread at a time.</summary>
internal sealed class Connection : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, Statement> _prepared = [];

    public Connection(string path)
    {
        var text = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString;
        _connection = new SqliteConnection(text);
        _connection.Open();
    }

    /// <summary>The statement, prepared at its first use. The SQL is always a constant: values are bound, never written into it.</summary>
    public Statement Prepare(string sql)
    {
        if (!_prepared.TryGetValue(sql, out var statement))
        {
            _prepared[sql] = statement = new Statement(_connection.Handle!, sql);
        }

        return statement;
    }

    /// <summary>Runs SQL that is needed once; may hold several statements.</summary>
    /// <returns>The first column of the first row, or null.</returns>
    public object? RunOnce(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    public void Dispose()
    {
        foreach (var statement in _prepared.Values)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }
}
