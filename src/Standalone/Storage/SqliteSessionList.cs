using System.Runtime.CompilerServices;
using System.Text;
using Presence.Grains;

namespace Presence.Standalone.Storage;

/// <summary>The users of each life of a gateway, in the data file.</summary>
internal sealed class SqliteSessionList(DataFile file) : ISessionList, IStoredLives
{
    // Users are read in steps, each its own short read: a long one would keep the log of the data file from being folded in.
    private const int Step = 1_000;

    private const string Insert = "INSERT INTO sessions(life, user_id) VALUES(?1, ?2) ON CONFLICT DO NOTHING";
    private const string Delete = "DELETE FROM sessions WHERE life = ?1 AND user_id = ?2";
    private const string DeleteLife = "DELETE FROM sessions WHERE life = ?1";
    private const string NextUsers = "SELECT user_id FROM sessions WHERE life = ?1 AND user_id > ?2 ORDER BY user_id LIMIT ?3";

    // From one life to the next by the index, over any number of users.
    private const string NextLife = "SELECT min(life) FROM sessions WHERE life > ?1";

    public ValueTask AddAsync(string life, string userId) => ChangeAsync(Insert, life, userId);

    public ValueTask RemoveAsync(string life, string userId) => ChangeAsync(Delete, life, userId);

    public async IAsyncEnumerable<string> UsersAsync(string life, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await ValueTask.CompletedTask;
        var (lifeBytes, last) = (Encoding.UTF8.GetBytes(life), Array.Empty<byte>());
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var users = file.Read(ReadUsers, (lifeBytes, last));
            foreach (var user in users)
            {
                yield return Encoding.UTF8.GetString(user);
            }

            if (users.Count < Step)
            {
                yield break;
            }

            last = users[^1];
        }
    }

    public ValueTask<IReadOnlyList<string>> LivesAsync(CancellationToken cancellationToken)
    {
        var lives = new List<string>();
        for (var life = file.Read(ReadNextLife, Array.Empty<byte>()); life is not null; life = file.Read(ReadNextLife, life))
        {
            cancellationToken.ThrowIfCancellationRequested();
            lives.Add(Encoding.UTF8.GetString(life));
        }

        return new(lives);
    }

    public ValueTask ClearAsync(string life)
    {
        var bytes = Encoding.UTF8.GetBytes(life);
        return new(file.WriteAsync(writer => writer.Prepare(DeleteLife).Bind(1, bytes).Run()));
    }

    private ValueTask ChangeAsync(string sql, string life, string userId)
    {
        var (lifeBytes, userBytes) = (Encoding.UTF8.GetBytes(life), Encoding.UTF8.GetBytes(userId));
        return new(file.WriteAsync(writer => writer.Prepare(sql).Bind(1, lifeBytes).Bind(2, userBytes).Run()));
    }

    private static List<byte[]> ReadUsers(Connection reader, (byte[] Life, byte[] After) from)
    {
        var users = new List<byte[]>();
        var select = reader.Prepare(NextUsers).Bind(1, from.Life).Bind(2, from.After).Bind(3, Step);
        try
        {
            while (select.Step())
            {
                users.Add(select.Bytes(0));
            }

            return users;
        }
        finally
        {
            select.Reset();
        }
    }

    private static byte[]? ReadNextLife(Connection reader, byte[] after)
    {
        var select = reader.Prepare(NextLife).Bind(1, after);
        try
        {
            return select.Step() && !select.IsNull(0) ? select.Bytes(0) : null;
        }
        finally
        {
            select.Reset();
        }
    }
}
