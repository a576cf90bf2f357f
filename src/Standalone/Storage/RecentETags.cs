namespace Presence.Standalone.Storage;

/// <summary>The etags of the rows that were written last: of 16,384 at least, and of twice as many at most. The journal holds about 12,000 states.</summary>
internal sealed class RecentETags
{
    private const int Generation = 16_384;

    private Dictionary<StateKey, long> _newer = [];
    private Dictionary<StateKey, long> _older = [];

    public long? Find(StateKey key) => _newer.TryGetValue(key, out var etag) || _older.TryGetValue(key, out etag) ? etag : null;

    /// <param name="key">Of the row.</param>
    /// <param name="etag">Null: there is no such row any more.</param>
    public void Set(StateKey key, long? etag)
    {
        _older.Remove(key);
        if (etag is null)
        {
            _newer.Remove(key);
            return;
        }

        _newer[key] = etag.Value;
        if (_newer.Count == Generation)
        {
            (_older, _newer) = (_newer, []);
        }
    }
}
