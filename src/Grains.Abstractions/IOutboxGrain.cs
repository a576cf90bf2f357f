namespace Presence.Grains;

/// <summary>What one silo has sent of late, for a sink that missed some of it.</summary>
/// <remarks>Key: the silo's life as <c>address:port@epoch</c>. The grain is on that silo and nowhere else; no call reaches it after the silo's end.</remarks>
[Alias("presence.outbox")]
public interface IOutboxGrain : IGrainWithStringKey
{
    /// <summary>The batches with the sequence numbers from <paramref name="from"/> to <paramref name="to"/>, both included.</summary>
    /// <returns>Null when they are not all there any more: ask the owners of the users instead.</returns>
    [Alias("Replay")]
    ValueTask<SinkBatch[]?> ReplayAsync(string sink, long from, long to);
}
