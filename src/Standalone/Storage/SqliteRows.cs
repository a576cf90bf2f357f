using System.Text;

namespace Presence.Standalone.Storage;

/// <summary>States in the data file.</summary>
internal sealed class SqliteRows(DataFile file) : IStateRows
{
    private const string Select = "SELECT etag, data FROM state WHERE key = ?1";
    private const string Insert = "INSERT INTO state(key, etag, data) VALUES(?1, ?2, ?3) ON CONFLICT DO NOTHING";
    private const string Update = "UPDATE state SET etag = ?2, data = ?3 WHERE key = ?1 AND etag = ?4";
    private const string Delete = "DELETE FROM state WHERE key = ?1 AND etag = ?2";

    public StateRow? Read(StateKey key) => file.Read(ReadRow, Bytes(key));

    public void Write(StateWrite write) => file.Add(new RowWrite(write));

    public Task<bool> RemoveAsync(StateKey key, long? expected)
    {
        var bytes = Bytes(key);
        return file.WriteAsync(writer => expected is { } etag
            ? writer.Prepare(Delete).Bind(1, bytes).Bind(2, etag).Run() == 1
            : ReadRow(writer, bytes) is null);
    }

    private static StateRow? ReadRow(Connection connection, byte[] key)
    {
        var select = connection.Prepare(Select).Bind(1, key);
        try
        {
            return select.Step() ? new StateRow(select.Bytes(1), select.Number(0)) : null;
        }
        finally
        {
            select.Reset();
        }
    }

    // "state name/grain type/grain key": names and types are the program's own and hold no slash, so whatever the key holds, no two are alike.
    private static byte[] Bytes(StateKey key)
    {
        var type = key.GrainId.Type.AsSpan();
        var id = key.GrainId.Key.AsSpan();
        var nameLength = Encoding.UTF8.GetByteCount(key.StateName);
        var bytes = new byte[nameLength + type.Length + id.Length + 2];
        Encoding.UTF8.GetBytes(key.StateName, bytes);
        bytes[nameLength] = bytes[nameLength + 1 + type.Length] = (byte)'/';
        type.CopyTo(bytes.AsSpan(nameLength + 1));
        id.CopyTo(bytes.AsSpan(nameLength + type.Length + 2));
        return bytes;
    }

    private sealed class RowWrite(StateWrite write) : Write
    {
        private bool _isWritten;

        public override void Fail(Exception failure) => write.TrySetException(failure);

        protected override void Run(Connection connection)
        {
            var statement = connection.Prepare(write.Expected is null ? Insert : Update)
                .Bind(1, Bytes(write.Key))
                .Bind(2, write.Row.ETag)
                .Bind(3, write.Row.Data.Span);
            _isWritten = (write.Expected is { } etag ? statement.Bind(4, etag) : statement).Run() == 1;
        }

        protected override void Succeed() => write.Finish(_isWritten);
    }
}
