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
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private List<Write> _waiting = [];
    private bool _isClosed;

    public WriteQueue(Connection connection, ILogger logger)
    {
        _connection = connection;
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

    // Holds no lock: the thread that wakes takes the processor at once, and would find it taken. Hence nobody disposes the event either.
    void IThreadPoolWorkItem.Execute() => _gathered.Set();

    /// <summary>Commits what was queued, then closes the connection.</summary>
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
        _connection.Dispose();
    }

    private void Loop()
    {
        while (Take() is { } taken)
        {
            foreach (var batch in taken.Chunk(MaxBatch))
            {
                Commit(batch);
            }
        }
    }

    /// <returns>Null when the queue is closed and empty.</returns>
    private List<Write>? Take()
    {
        while (true)
        {
            lock (_gate)
            {
                if (_waiting.Count > 0)
                {
                    var taken = _waiting;
                    _waiting = [];
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

    private void Commit(Write[] batch)
    {
        try
        {
            _connection.Prepare("BEGIN IMMEDIATE").Run();
            foreach (var write in batch)
            {
                write.Execute(_connection);
            }

            _connection.Prepare("COMMIT").Run();
        }
        catch (Exception e)
        {
            Log.CommitFailed(_logger, batch.Length, e);
            RollBack();
            foreach (var write in batch)
            {
                write.Fail(e);
            }

            return;
        }

        ThreadPool.UnsafeQueueUserWorkItem(Complete, batch, preferLocal: false);
    }

    private static void Complete(Write[] batch)
    {
        foreach (var write in batch)
        {
            write.Complete();
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
        [LoggerMessage(3100, LogLevel.Error, "A commit of {Writes} writes to the data file failed; each writer was told.")]
        public static partial void CommitFailed(ILogger logger, int writes, Exception exception);

        [LoggerMessage(3101, LogLevel.Debug, "Nothing to roll back in the data file.")]
        public static partial void RollBackFailed(ILogger logger, Exception exception);
    }
}
