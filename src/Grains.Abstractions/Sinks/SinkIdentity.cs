namespace Presence.Grains.Sinks;

/// <summary>The life that this sink is in: the name of its lease, its stream and its interest; never used twice.</summary>
internal sealed class SinkIdentity
{
    private volatile string _life = NewLife();
    private long _lastConnection;

    public string Life => _life;

    public string NextConnectionId() => $"{_life}-{Interlocked.Increment(ref _lastConnection)}";

    public void BeginNewLife() => _life = NewLife();

    private static string NewLife() => Convert.ToHexStringLower(Guid.NewGuid().ToByteArray().AsSpan(0, 8));
}
