namespace Presence.Grains.Sinks;

/// <summary>
/// Notices that this process did not run for a while, as when its machine was frozen. What was silent meanwhile was silent here only, and
/// what looks alive may have ended long ago.
/// </summary>
internal sealed class OwnPause : IDisposable
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>Longer than a collection of garbage or a machine with too much to do keeps a timer waiting.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1.5);

    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;
    private long _lastLook;
    private long _resumed;

    public OwnPause(TimeProvider clock)
    {
        _clock = clock;
        _lastLook = clock.GetTimestamp();
        _timer = clock.CreateTimer(static pause => ((OwnPause)pause!).Look(), this, LookInterval, LookInterval);
    }

    /// <summary>When this process last went on after a pause, as a timestamp; 0 for never. Whoever asks first after a pause notices it.</summary>
    public long Resumed => Look();

    public void Dispose() => _timer.Dispose();

    private long Look()
    {
        lock (_gate)
        {
            var now = _clock.GetTimestamp();
            _resumed = _clock.GetElapsedTime(_lastLook, now) >= Shortest ? now : _resumed;
            _lastLook = now;
            return _resumed;
        }
    }
}
