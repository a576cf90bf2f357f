using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.IO.Hashing;
using Microsoft.Win32.SafeHandles;

namespace Presence.Standalone.Storage;

/// <summary>
/// New states of rows that exist, one behind the other in a file beside the data file, until it is full and they are folded into their table.
/// One short write to the page cache of the operating system is all that a status change costs (docs/decisions/0004-storage.md).
/// </summary>
/// <remarks>
/// <para>
/// A record names the etag that it replaces, and etags never come twice: so records that were folded long ago, or stand behind the last one
/// from an earlier round, find no row and change nothing when the file is replayed.
/// </para>
/// <para>One thread changes at a time, see <see cref="WriteQueue.TryRunBetween"/>; any may read.</para>
/// </remarks>
internal sealed class StateJournal : IDisposable
{
    /// <summary>Folding 12,000 states takes the writer 30 ms, and the table is written once for each user instead of once for each change.</summary>
    public const int MaxBytes = 4 << 20;

    /// <summary>Larger states go to the table.</summary>
    public const int MaxRecordBytes = 16 << 10;

    // The record's length, the etag that it replaces, its own, and the length of the key; key and state follow, and the checksum of all.
    private const int HeaderBytes = 4 + 8 + 8 + 4;
    private const int ChecksumBytes = 8;

    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly ConcurrentDictionary<StateKey, StateRow> _rows = new();
    private readonly byte[] _record = new byte[MaxRecordBytes];

    private readonly RecentETags _recent = new();

    // The etags of the rows that the open transaction has written; null of a row that it has removed.
    private readonly Dictionary<StateKey, long?> _uncommitted = [];
    private int _end;

    private StateJournal(string path, SafeFileHandle file)
    {
        _path = path;
        _file = file;
    }

    /// <summary>Opens the file, and brings the table of states up to date with what an abrupt end has left in it.</summary>
    public static StateJournal Open(string path, Connection connection)
    {
        var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite);
        try
        {
            connection.RunOnce("PRAGMA synchronous=FULL; BEGIN IMMEDIATE");
            Replay(Read(file), connection);
            connection.RunOnce("COMMIT; PRAGMA synchronous=NORMAL");
            RandomAccess.SetLength(file, 0);
            return new(path, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether a state found no room. The next transaction then folds all.</summary>
    public bool IsFull { get; private set; }

    /// <summary>The newest state, if it is not in the table.</summary>
    public StateRow? Find(StateKey key) => _rows.GetValueOrDefault(key);

    /// <summary>The etag of a row that was written not long ago. Null of others: a journal of rows that change once would only be a detour.</summary>
    public long? ETag(StateKey key) => Find(key)?.ETag ?? _recent.Find(key);

    /// <summary>Keeps a state, and writes it: it survives the end of the process.</summary>
    /// <returns>False, and nothing done, when the file is full.</returns>
    /// <exception cref="IOException">Nothing is kept.</exception>
    public bool TryAppend(StateKey key, long expected, StateRow row)
    {
        var length = Length(key, row);
        if (_end + length > MaxBytes)
        {
            IsFull = true;
            return false;
        }

        var record = _record.AsSpan(0, length);
        var keyLength = length - HeaderBytes - row.Data.Length - ChecksumBytes;
        BinaryPrimitives.WriteInt32LittleEndian(record, length);
        BinaryPrimitives.WriteInt64LittleEndian(record[4..], expected);
        BinaryPrimitives.WriteInt64LittleEndian(record[12..], row.ETag);
        BinaryPrimitives.WriteInt32LittleEndian(record[20..], keyLength);
        StateTable.Write(key, record.Slice(HeaderBytes, keyLength));
        row.Data.Span.CopyTo(record[(HeaderBytes + keyLength)..]);
        BinaryPrimitives.WriteUInt64LittleEndian(record[^ChecksumBytes..], XxHash3.HashToUInt64(record[..^ChecksumBytes]));

        RandomAccess.Write(_file, record, _end);
        _rows[key] = row;
        _end += length;
        return true;
    }

    /// <summary>Whether a state is small enough for the journal.</summary>
    public static bool Fits(StateKey key, StateRow row) => Length(key, row) <= MaxRecordBytes;

    /// <summary>Writes all states to the table, in the open transaction.</summary>
    public void Fold(Connection connection)
    {
        foreach (var (key, _) in _rows)
        {
            Fold(connection, key);
        }
    }

    /// <summary>Writes the key's state to the table, if it is not there, in the open transaction.</summary>
    public void Fold(Connection connection, StateKey key)
    {
        // Once in a transaction: what comes later in it is newer.
        if (Find(key) is { } row && !_uncommitted.ContainsKey(key))
        {
            StateTable.Overwrite(connection, StateTable.Key(key), row);
            _uncommitted[key] = row.ETag;
        }
    }

    /// <summary>The open transaction has written a row of the table, or removed it. The key was folded before.</summary>
    public void Changed(StateKey key, long? etag) => _uncommitted[key] = etag;

    /// <summary>The transaction is committed.</summary>
    /// <param name="isAllFolded">All states are in the table and on the disk: the journal begins anew at the start of its file.</param>
    public void Committed(bool isAllFolded)
    {
        foreach (var (key, etag) in _uncommitted)
        {
            _rows.TryRemove(key, out _);
            _recent.Set(key, etag);
        }

        _uncommitted.Clear();
        if (isAllFolded)
        {
            (_end, IsFull) = (0, false);
        }
    }

    /// <summary>The transaction is lost.</summary>
    public void RolledBack() => _uncommitted.Clear();

    /// <summary>Lets go of the file, and deletes it when all of it is folded.</summary>
    public void Dispose()
    {
        _file.Dispose();
        if (_rows.IsEmpty)
        {
            File.Delete(_path);
        }
    }

    private static int Length(StateKey key, StateRow row) => HeaderBytes + StateTable.KeyLength(key) + row.Data.Length + ChecksumBytes;

    /// <exception cref="IOException">Part of the file cannot be read.</exception>
    private static byte[] Read(SafeFileHandle file)
    {
        var bytes = new byte[Math.Min(RandomAccess.GetLength(file), MaxBytes)];
        for (int length = 0, read; length < bytes.Length; length += read)
        {
            read = RandomAccess.Read(file, bytes.AsSpan(length), length);
            if (read == 0)
            {
                throw new EndOfStreamException("The journal ends before its end.");
            }
        }

        return bytes;
    }

    /// <summary>Up to the first record that is not whole: the end, or one that nobody was told of.</summary>
    private static void Replay(ReadOnlySpan<byte> rest, Connection connection)
    {
        while (TryTake(ref rest, out var record))
        {
            var keyLength = BinaryPrimitives.ReadInt32LittleEndian(record[20..]);
            StateTable.Update(
                connection,
                record.Slice(HeaderBytes, keyLength),
                BinaryPrimitives.ReadInt64LittleEndian(record[4..]),
                BinaryPrimitives.ReadInt64LittleEndian(record[12..]),
                record[(HeaderBytes + keyLength)..^ChecksumBytes]);
        }
    }

    private static bool TryTake(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> record)
    {
        record = default;
        if (rest.Length < 4 || BinaryPrimitives.ReadInt32LittleEndian(rest) is var length && (length < HeaderBytes + ChecksumBytes || length > rest.Length))
        {
            return false;
        }

        record = rest[..length];
        rest = rest[length..];
        return XxHash3.HashToUInt64(record[..^ChecksumBytes]) == BinaryPrimitives.ReadUInt64LittleEndian(record[^ChecksumBytes..]);
    }
}
