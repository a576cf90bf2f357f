namespace Presence.Gateway.Sessions;

/// <summary>The life that this gateway is in: the name of its lease and of its sink, never used twice.</summary>
internal sealed class GatewayIdentity
{
    private volatile string _life = NewLife();
    private long _lastConnection;

    public string Life => _life;

    public string NextConnectionId() => $"{_life}-{Interlocked.Increment(ref _lastConnection)}";

    public void BeginNewLife() => _life = NewLife();

    private static string NewLife() => Convert.ToHexStringLower(Guid.NewGuid().ToByteArray().AsSpan(0, 8));
}
