namespace Presence.Standalone.Storage;

/// <summary>States in the data file: the newest of those that change are in its journal, all others in its table.</summary>
internal sealed class SqliteRows(DataFile file) : IStateRows
{
    private readonly StateJournal _journal = file.Journal;

    public StateRow? Read(StateKey key) => _journal.Find(key) ?? file.Read(StateTable.Read, StateTable.Key(key));

    public void Write(StateWrite write)
    {
        try
        {
            if (write.Expected is not null && StateJournal.Fits(write.Key, write.Row)
                && file.TryRunBetween((Rows: this, write), static to => to.Rows.TryJournal(to.write)) is { } isWritten)
            {
                write.Finish(isWritten);
            }
            else
            {
                file.Add(new RowWrite(_journal, write));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            write.TrySetException(e);
        }
    }

    public Task<bool> RemoveAsync(StateKey key, long? expected)
    {
        var removal = new RowRemoval(_journal, key, expected);
        file.Add(removal);
        return removal.Task;
    }

    /// <returns>Whether the etag was right; null when the row has to go to the table, since it was not written lately or the journal is full.</returns>
    private bool? TryJournal(StateWrite write)
    {
        if (_journal.ETag(write.Key) is not { } current)
        {
            return null;
        }

        return current != write.Expected ? false : _journal.TryAppend(write.Key, current, write.Row) ? true : null;
    }

    /// <summary>A change of one row in the table, which has to be up to date for it.</summary>
    private abstract class RowChange(StateJournal journal, StateKey key) : Write
    {
        /// <summary>Null: there is no row any more.</summary>
        protected abstract long? NewETag { get; }

        protected override void Run(Connection connection)
        {
            journal.Fold(connection, key);
            if (Change(connection, StateTable.Key(key)))
            {
                journal.Changed(key, NewETag);
            }
        }

        /// <returns>Whether the row was changed.</returns>
        protected abstract bool Change(Connection connection, byte[] key);
    }

    private sealed class RowWrite(StateJournal journal, StateWrite write) : RowChange(journal, write.Key)
    {
        private bool _isWritten;

        protected override long? NewETag => write.Row.ETag;

        public override void Fail(Exception failure) => write.TrySetException(failure);

        protected override bool Change(Connection connection, byte[] key) => _isWritten = write.Expected is { } expected
            ? StateTable.Update(connection, key, expected, write.Row.ETag, write.Row.Data.Span)
            : StateTable.Insert(connection, key, write.Row);

        protected override void Succeed() => write.Finish(_isWritten);
    }

    private sealed class RowRemoval(StateJournal journal, StateKey key, long? expected) : RowChange(journal, key)
    {
        private readonly TaskCompletionSource<bool> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool _isRemoved;

        public Task<bool> Task => _done.Task;

        protected override long? NewETag => null;

        public override void Fail(Exception failure) => _done.TrySetException(failure);

        protected override bool Change(Connection connection, byte[] key) => _isRemoved = expected is { } etag
            ? StateTable.Delete(connection, key, etag)
            : StateTable.ReadETag(connection, key) is null;

        protected override void Succeed() => _done.TrySetResult(_isRemoved);
    }
}
