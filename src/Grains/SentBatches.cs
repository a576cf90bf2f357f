namespace Presence.Grains;

/// <summary>The batches that a sink was sent of late, for a sink that missed some.</summary>
internal sealed class SentBatches(TimeProvider clock)
{
    public const int MaxBatches = 2_000;
    public const int MaxEvents = 20_000;
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(5);

    private readonly Queue<(SinkBatch Batch, long SentAt)> _batches = new();
    private int _events;

    public void Add(SinkBatch batch)
    {
        var now = clock.GetTimestamp();
        _batches.Enqueue((batch, now));
        _events += batch.Events.Length;
        while (_batches.Count > MaxBatches || _events > MaxEvents || clock.GetElapsedTime(_batches.Peek().SentAt, now) > MaxAge)
        {
            _events -= _batches.Dequeue().Batch.Events.Length;
        }
    }

    /// <returns>All of them, or null.</returns>
    public SinkBatch[]? Find(long from, long to)
    {
        SinkBatch[] found = [.. _batches.Select(sent => sent.Batch).Where(batch => batch.Sequence >= from && batch.Sequence <= to)];
        return found.Length == to - from + 1 ? found : null;
    }
}
