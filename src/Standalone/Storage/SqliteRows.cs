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

    public Task<bool> RemoveAsync(StateKey key, long? expected) => file.WriteAsync(connection =>
    {
        _journal.Fold(connection, key);
        var bytes = StateTable.Key(key);
        if (expected is not { } etag)
        {
            return StateTable.ReadETag(connection, bytes) is null;
        }

        var isRemoved = StateTable.Delete(connection, bytes, etag);
        if (isRemoved)
        {
            _journal.Changed(key, null);
        }

        return isRemoved;
    });

    /// <returns>Whether the etag was right; null when the row has to go to the table, since it was not written lately or the journal is full.</returns>
    private bool? TryJournal(StateWrite write)
    {
        if (_journal.ETag(write.Key) is not { } current)
        {
            return null;
        }

        return current != write.Expected ? false : _journal.TryAppend(write.Key, current, write.Row) ? true : null;
    }

    private sealed class RowWrite(StateJournal journal, StateWrite write) : Write
    {
        private bool _isWritten;

        public override void Fail(Exception failure) => write.TrySetException(failure);

        protected override void Run(Connection connection)
        {
            // The table has to be up to date for it.
            journal.Fold(connection, write.Key);
            var key = StateTable.Key(write.Key);
            _isWritten = write.Expected is { } expected
                ? StateTable.Update(connection, key, expected, write.Row.ETag, write.Row.Data.Span)
                : StateTable.Insert(connection, key, write.Row);
            if (_isWritten)
            {
                journal.Changed(write.Key, write.Row.ETag);
            }
        }

        protected override void Succeed() => write.Finish(_isWritten);
    }
}
