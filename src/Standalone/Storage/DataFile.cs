using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Presence.Standalone.Storage;

/// <summary>The SQLite file that keeps what must last: one writer, as many readers as there are threads that read.</summary>
/// <remarks>
/// <para>
/// A completed write survives the end of the process, however abrupt: it is with the operating system. A power cut or a crash of
/// the machine may cost the last writes, at most those since the last checkpoint (4,000 pages) and what was not written of the journal,
/// and never the file: with <c>synchronous=NORMAL</c> only checkpoints wait for the disk, which keeps a write below a millisecond on a slow one.
/// </para>
/// <para>The file belongs to one process, which holds a lock on <c>{file}-lock</c> beside it; SQLite's own locks are for single transactions.</para>
/// </remarks>
internal sealed class DataFile : IDisposable
{
    private readonly string _path;
    private readonly FileStream _lock;
    private readonly WriteQueue _writes;
    private readonly ConcurrentBag<Connection> _readers = [];
    private volatile bool _isClosed;

    private DataFile(string path, FileStream exclusive, StateJournal journal, WriteQueue writes)
    {
        _path = path;
        _lock = exclusive;
        Journal = journal;
        _writes = writes;
    }

    /// <summary>New states of rows, which are not yet in their table.</summary>
    public StateJournal Journal { get; }

    /// <summary>Opens the file, or makes a new one.</summary>
    /// <param name="path">Taken literally; a relative one starts at the working directory.</param>
    /// <param name="logger">Told of failed commits.</param>
    /// <exception cref="DataFileException">In use by another process, damaged, of another program, or of a later version.</exception>
    public static DataFile Open(string path, ILogger logger)
    {
        // Two names of one file must end at one lock.
        path = Path.GetFullPath(path);
        if (new FileInfo(path) is { LinkTarget: not null } link)
        {
            path = link.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        }

        var exclusive = TakeLock(path);
        Connection? connection = null;
        try
        {
            connection = new Connection(path);
            Schema.Prepare(connection, path);
            var journal = StateJournal.Open(path + "-states", connection);
            return new DataFile(path, exclusive, journal, new WriteQueue(connection, journal, logger));
        }
        catch (Exception e)
        {
            connection?.Dispose();
            exclusive.Dispose();
            throw e is SqliteException or IOException or UnauthorizedAccessException
                ? new DataFileException(path, $"cannot be read: {e.Message}", e)
                : e;
        }
    }

    /// <summary>Writes what the function does on the writer's connection. It must not begin or end a transaction.</summary>
    /// <returns>Completes when the write has survived the end of the process.</returns>
    /// <exception cref="ObjectDisposedException">The program is stopping.</exception>
    public Task<TResult> WriteAsync<TResult>(Func<Connection, TResult> work)
    {
        var write = new Write<TResult>(work);
        _writes.Add(write);
        return write.Task;
    }

    /// <inheritdoc cref="WriteQueue.Add"/>
    public void Add(Write write) => _writes.Add(write);

    /// <inheritdoc cref="WriteQueue.TryRunBetween"/>
    public TResult? TryRunBetween<TArgument, TResult>(TArgument argument, Func<TArgument, TResult?> function) =>
        _writes.TryRunBetween(argument, function);

    /// <summary>Reads on the calling thread; sees every write that has completed.</summary>
    /// <param name="work">Must finish or reset its statements: an unfinished one would read from the past for ever.</param>
    /// <param name="argument">Passed to <paramref name="work"/>, so that it needs no closure.</param>
    public TResult Read<TArgument, TResult>(Func<Connection, TArgument, TResult> work, TArgument argument)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        if (!_readers.TryTake(out var reader))
        {
            reader = new Connection(_path);
            reader.RunOnce(Schema.ReaderSettings);
        }

        try
        {
            return work(reader, argument);
        }
        finally
        {
            _readers.Add(reader);
        }
    }

    /// <summary>Completes the queued writes and lets go of the file. Nobody may be reading any more.</summary>
    public void Dispose()
    {
        _isClosed = true;
        while (_readers.TryTake(out var reader))
        {
            reader.Dispose();
        }

        // Last, because the last connection to close folds the log into the file.
        _writes.Dispose();
        _lock.Dispose();
    }

    private static FileStream TakeLock(string path)
    {
        try
        {
            return new FileStream(path + "-lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is DirectoryNotFoundException or UnauthorizedAccessException)
        {
            throw new DataFileException(path, $"cannot be opened: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new DataFileException(path, $"is in use by another process: {e.Message}", e);
        }
    }
}
