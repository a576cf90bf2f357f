using System.Collections.Concurrent;

namespace Presence.Standalone.Storage;

/// <summary>States that last as long as the process.</summary>
internal sealed class VolatileRows : IStateRows
{
    private readonly ConcurrentDictionary<StateKey, StateRow> _rows = new();

    public StateRow? Read(StateKey key) => _rows.GetValueOrDefault(key);

    public Task<bool> WriteAsync(StateKey key, StateRow row, long? expected) =>
        Task.FromResult(expected is null
            ? _rows.TryAdd(key, row)
            : Current(key, expected) is { } current && _rows.TryUpdate(key, row, current));

    public Task<bool> RemoveAsync(StateKey key, long? expected) =>
        Task.FromResult(expected is null
            ? !_rows.ContainsKey(key)
            : Current(key, expected) is { } current && _rows.TryRemove(new(key, current)));

    private StateRow? Current(StateKey key, long? expected) =>
        _rows.TryGetValue(key, out var row) && row.ETag == expected ? row : null;
}
