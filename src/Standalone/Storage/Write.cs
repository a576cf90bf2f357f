using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Presence.Standalone.Storage;

/// <summary>A change that waits for its commit.</summary>
internal interface IWrite
{
    /// <summary>Makes the change in the open transaction. Throws only what concerns the whole transaction.</summary>
    void Execute(Connection connection);

    /// <summary>The transaction is committed: tells the waiter.</summary>
    void Complete();

    /// <summary>The transaction is lost.</summary>
    void Fail(Exception failure);
}

/// <inheritdoc cref="IWrite"/>
internal sealed class Write<TResult>(Func<Connection, TResult> work)
    : TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously), IWrite
{
    private TResult _result = default!;
    private Exception? _failure;

    public void Execute(Connection connection)
    {
        try
        {
            _result = work(connection);
        }
        catch (Exception e) when (ConcernsThisWriteOnly(e))
        {
            _failure = e;
        }
    }

    public void Complete()
    {
        if (_failure is null)
        {
            TrySetResult(_result);
        }
        else
        {
            TrySetException(_failure);
        }
    }

    public void Fail(Exception failure) => TrySetException(failure);

    // SQLite undoes the statement alone for these codes. After any other it may already have rolled the transaction back.
    private static bool ConcernsThisWriteOnly(Exception e) =>
        e is not SqliteException sqlite || sqlite.SqliteErrorCode is raw.SQLITE_CONSTRAINT or raw.SQLITE_TOOBIG or raw.SQLITE_MISMATCH;
}
