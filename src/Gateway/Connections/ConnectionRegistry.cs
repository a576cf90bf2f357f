using System.Collections.Concurrent;

namespace Presence.Gateway.Connections;

/// <summary>Every open connection of this gateway.</summary>
internal sealed class ConnectionRegistry
{
    private readonly ConcurrentDictionary<string, Connection> _all = new(StringComparer.Ordinal);
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Open connections, as they are while the list is walked.</summary>
    public IEnumerable<Connection> All => _all.Select(pair => pair.Value);

    public void Add(Connection connection)
    {
        if (_all.TryAdd(connection.Id, connection))
        {
            Interlocked.Increment(ref _count);
        }
    }

    public void Remove(Connection connection)
    {
        if (_all.TryRemove(connection.Id, out _))
        {
            Interlocked.Decrement(ref _count);
        }
    }

    public Connection? Find(string id) => _all.GetValueOrDefault(id);
}
