using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Presence.Standalone.Storage;

/// <summary>A change that waits for its commit.</summary>
internal abstract class Write
{
    private Exception? _failure;

    /// <summary>Makes the change in the open transaction. Throws only what concerns the whole transaction.</summary>
    public void Execute(Connection connection)
    {
        try
        {
            Run(connection);
        }
        catch (Exception e) when (ConcernsThisWriteOnly(e))
        {
            _failure = e;
        }
    }

    /// <summary>The transaction is committed: tells the waiter.</summary>
    public void Complete()
    {
        if (_failure is null)
        {
            Succeed();
        }
        else
        {
            Fail(_failure);
        }
    }

    /// <summary>The change is not made: tells the waiter. Never throws.</summary>
    public abstract void Fail(Exception failure);

    /// <summary>The statements, which must not begin or end a transaction.</summary>
    protected abstract void Run(Connection connection);

    /// <summary>The change has survived the end of the process: tells the waiter. Never throws.</summary>
    protected abstract void Succeed();

    // SQLite undoes the statement alone for these codes. After any other it may already have rolled the transaction back.
    private static bool ConcernsThisWriteOnly(Exception e) =>
        e is not SqliteException sqlite || sqlite.SqliteErrorCode is raw.SQLITE_CONSTRAINT or raw.SQLITE_TOOBIG or raw.SQLITE_MISMATCH;
}

/// <summary>A change that is made by a function.</summary>
internal sealed class Write<TResult>(Func<Connection, TResult> work) : Write
{
    private readonly TaskCompletionSource<TResult> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TResult _result = default!;

    public Task<TResult> Task => _done.Task;

    public override void Fail(Exception failure) => _done.TrySetException(failure);

    protected override void Run(Connection connection) => _result = work(connection);

    protected override void Succeed() => _done.TrySetResult(_result);
}
