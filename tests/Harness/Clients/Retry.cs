namespace Presence.Harness.Clients;

/// <summary>How long a client waits before it comes back: full jitter, doubled each time in vain, or what the server hinted.</summary>
internal sealed class Retry(TimeSpan first, TimeSpan longest)
{
    private int _inVain;
    private TimeSpan? _hint;

    public void Hint(TimeSpan after) => _hint = after;

    public void Succeeded() => (_inVain, _hint) = (0, null);

    public TimeSpan Next()
    {
        var upTo = Math.Min(longest.TotalMilliseconds, first.TotalMilliseconds * Math.Pow(2, _inVain++));
        var wait = _hint ?? TimeSpan.FromMilliseconds(upTo * Random.Shared.NextDouble());
        _hint = null;
        return wait;
    }
}
