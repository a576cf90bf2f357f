using System.Collections.Concurrent;

namespace Presence.Standalone.Storage;

/// <summary>States that last as long as the process.</summary>
internal sealed class VolatileRows : IStateRows
{
    private readonly ConcurrentDictionary<StateKey, StateRow> _rows = new();

    public StateRow? Read(StateKey key) => _rows.GetValueOrDefault(key);

    public void Write(StateWrite write) =>
        write.Finish(write.Expected is null
            ? _rows.TryAdd(write.Key, write.Row)
            : Current(write.Key, write.Expected) is { } current && _rows.TryUpdate(write.Key, write.Row, current));

    public Task<bool> RemoveAsync(StateKey key, long? expected) =>
        Task.FromResult(expected is null
            ? !_rows.ContainsKey(key)
            : Current(key, expected) is { } current && _rows.TryRemove(new(key, current)));

    private StateRow? Current(StateKey key, long? expected) =>
        _rows.TryGetValue(key, out var row) && row.ETag == expected ? row : null;
}
