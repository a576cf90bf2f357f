namespace Presence.Standalone.Storage;

/// <summary>
/// The one writer of the data file: a thread that takes all the writes that have gathered, makes them in one transaction, commits,
/// and only then completes their tasks. Writes are committed in the order in which they were queued.
/// </summary>
/// <remarks>
/// It is woken from the end of the thread pool's queue, when all that was at hand has queued its writes, and completes a batch
/// there: on a busy server a batch is many writes, and threads change places twice for each batch instead of each write.
/// </remarks>
internal sealed partial class WriteQueue : IDisposable, IThreadPoolWorkItem
{
    // Bounds the wait of the first write for the last one of its batch, at about 10 ms. The cost of a commit is small beside so many writes.
    private const int MaxBatch = 1_000;

    private readonly Lock _gate = new();
    private readonly AutoResetEvent _gathered = new(false);
    private readonly Connection _connection;
    private readonly StateJournal _journal;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private readonly List<Write> _waiting = [];
    private bool _isWriting;
    private bool _isClosed;

    public WriteQueue(Connection connection, StateJournal journal, ILogger logger)
    {
        _connection = connection;
        _journal = journal;
        _logger = logger;
        _thread = new Thread(Loop) { IsBackground = true, Name = "presence data file" };
        _thread.Start();
    }

    /// <summary>Queues a write.</summary>
    /// <exception cref="ObjectDisposedException">The program is stopping.</exception>
    public void Add(Write write)
    {
        bool isFirst;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            _waiting.Add(write);
            isFirst = _waiting.Count == 1;
        }

        if (isFirst)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>Does something at once, if no write waits or is under way; those that come meanwhile are after it.</summary>
    /// <returns>What the function returns; the default value when it was not called.</returns>
    /// <exception cref="ObjectDisposedException">The program is stopping.</exception>
    public TResult? TryRunBetween<TArgument, TResult>(TArgument argument, Func<TArgument, TResult?> function)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            return _isWriting || _waiting.Count > 0 ? default : function(argument);
        }
    }

    // Holds no lock: the thread that wakes takes the processor at once, and would find it taken. Hence nobody disposes the event either.
    void IThreadPoolWorkItem.Execute() => _gathered.Set();

    /// <summary>Commits what was queued and what the journal holds, then closes both.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
        }

        _gathered.Set();
        _thread.Join();

        // The file is closed, and thereby on the disk, before the journal is deleted.
        _connection.Dispose();
        _journal.Dispose();
    }

    private void Loop()
    {
        while (Take() is { } batch)
        {
            var failure = TryCommit(batch, foldsAll: _journal.IsFull);
            lock (_gate)
            {
                // Before anybody is told, so that who goes on from here need not wait for this thread once more.
                _isWriting = false;
            }

            ThreadPool.UnsafeQueueUserWorkItem(Tell, (batch, failure), preferLocal: false);
        }

        TryCommit([], foldsAll: true);
    }

    /// <returns>Null when the queue is closed and empty.</returns>
    private Write[]? Take()
    {
        while (true)
        {
            lock (_gate)
            {
                if (_waiting.Count > 0)
                {
                    var taken = _waiting.Take(MaxBatch).ToArray();
                    _waiting.RemoveRange(0, taken.Length);
                    _isWriting = true;
                    return taken;
                }

                if (_isClosed)
                {
                    return null;
                }
            }

            _gathered.WaitOne();
        }
    }

    /// <returns>Why nothing was written; null when all was.</returns>
    private Exception? TryCommit(Write[] batch, bool foldsAll)
    {
        try
        {
            // On the disk before the journal is written over, so that a power cut cannot take both.
            if (foldsAll)
            {
                _connection.RunOnce("PRAGMA synchronous=FULL");
            }

            _connection.Prepare("BEGIN IMMEDIATE").Run();
            if (foldsAll)
            {
                _journal.Fold(_connection);
            }

            foreach (var write in batch)
            {
                write.Execute(_connection);
            }

            _connection.Prepare("COMMIT").Run();
            _journal.Committed(isAllFolded: foldsAll);
            if (foldsAll)
            {
                _connection.RunOnce("PRAGMA synchronous=NORMAL");
            }

            return null;
        }
        catch (Exception e)
        {
            Log.CommitFailed(_logger, batch.Length, e);
            RollBack();
            _journal.RolledBack();
            return e;
        }
    }

    private static void Tell((Write[] Batch, Exception? Failure) outcome)
    {
        foreach (var write in outcome.Batch)
        {
            if (outcome.Failure is null)
            {
                write.Complete();
            }
            else
            {
                write.Fail(outcome.Failure);
            }
        }
    }

    private void RollBack()
    {
        try
        {
            _connection.Prepare("ROLLBACK").Run();
        }
        catch (Exception e)
        {
            // Expected where SQLite has already rolled back by itself; otherwise the next BEGIN fails, and says so to its writers.
            Log.RollBackFailed(_logger, e);
        }
    }

    /// <summary>Event ids 3100 to 3109 belong to this class; a retired id is never used again.</summary>
    private static partial class Log
    {
        [LoggerMessage(3100, LogLevel.Error, "A commit of {Writes} writes to the data file failed; each writer was told, and what the journal holds stays there.")]
        public static partial void CommitFailed(ILogger logger, int writes, Exception exception);

        [LoggerMessage(3101, LogLevel.Debug, "Nothing to roll back in the data file.")]
        public static partial void RollBackFailed(ILogger logger, Exception exception);
    }
}
