using System.Text;

namespace Presence.Standalone.Storage;

/// <summary>The statements on the table of states.</summary>
internal static class StateTable
{
    /// <returns>Null when there is no such row.</returns>
    public static StateRow? Read(Connection connection, byte[] key)
    {
        var select = connection.Prepare("SELECT etag, data FROM state WHERE key = ?1").Bind(1, key);
        try
        {
            return select.Step() ? new StateRow(select.Bytes(1), select.Number(0)) : null;
        }
        finally
        {
            select.Reset();
        }
    }

    /// <returns>Null when there is no such row.</returns>
    public static long? ReadETag(Connection connection, byte[] key)
    {
        var select = connection.Prepare("SELECT etag FROM state WHERE key = ?1").Bind(1, key);
        try
        {
            return select.Step() ? select.Number(0) : null;
        }
        finally
        {
            select.Reset();
        }
    }

    /// <returns>False, and nothing changed, when there is such a row.</returns>
    public static bool Insert(Connection connection, byte[] key, StateRow row) =>
        connection.Prepare("INSERT INTO state(key, etag, data) VALUES(?1, ?2, ?3) ON CONFLICT DO NOTHING")
            .Bind(1, key).Bind(2, row.ETag).Bind(3, row.Data.Span).Run() == 1;

    /// <returns>False, and nothing changed, when the row's etag is not <paramref name="expected"/>.</returns>
    public static bool Update(Connection connection, ReadOnlySpan<byte> key, long expected, long etag, ReadOnlySpan<byte> data) =>
        connection.Prepare("UPDATE state SET etag = ?2, data = ?3 WHERE key = ?1 AND etag = ?4")
            .Bind(1, key).Bind(2, etag).Bind(3, data).Bind(4, expected).Run() == 1;

    /// <summary>Replaces a row whatever its etag.</summary>
    public static void Overwrite(Connection connection, byte[] key, StateRow row) =>
        connection.Prepare("UPDATE state SET etag = ?2, data = ?3 WHERE key = ?1").Bind(1, key).Bind(2, row.ETag).Bind(3, row.Data.Span).Run();

    /// <returns>False, and nothing changed, when the row's etag is not <paramref name="expected"/>.</returns>
    public static bool Delete(Connection connection, byte[] key, long expected) =>
        connection.Prepare("DELETE FROM state WHERE key = ?1 AND etag = ?2").Bind(1, key).Bind(2, expected).Run() == 1;

    public static byte[] Key(StateKey key)
    {
        var bytes = new byte[KeyLength(key)];
        Write(key, bytes);
        return bytes;
    }

    public static int KeyLength(StateKey key) =>
        Encoding.UTF8.GetByteCount(key.StateName) + key.GrainId.Type.AsSpan().Length + key.GrainId.Key.AsSpan().Length + 2;

    /// <summary>"state name/grain type/grain key": names and types are the program's own and hold no slash, so whatever the key holds, no two are alike.</summary>
    public static void Write(StateKey key, Span<byte> bytes)
    {
        var type = key.GrainId.Type.AsSpan();
        var nameLength = Encoding.UTF8.GetBytes(key.StateName, bytes);
        bytes[nameLength] = bytes[nameLength + 1 + type.Length] = (byte)'/';
        type.CopyTo(bytes[(nameLength + 1)..]);
        key.GrainId.Key.AsSpan().CopyTo(bytes[(nameLength + type.Length + 2)..]);
    }
}
