using Presence.Standalone.Storage;
using Xunit;

namespace Presence.Standalone.Tests.Storage;

/// <summary>Small states of few users, and where they are.</summary>
internal static class States
{
    public const int Bytes = 200;

    public static StateKey Key(string id) => new("state", GrainId.Create("user", id));

    public static StateRow Row(long etag) => new(new byte[Bytes], etag);

    public static async Task PutAsync(SqliteRows rows, string id, long etag, long? expected) =>
        Assert.True(await rows.WriteAsync(Key(id), Row(etag), expected));

    public static long? InTable(DataFile file, string id) => file.Read(StateTable.ReadETag, StateTable.Key(Key(id)));
}
