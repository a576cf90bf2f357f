namespace Presence.Grains.Tests.Sinks;

/// <content>How time passes in these tests.</content>
public sealed partial class SinkSessionTests
{
    private async Task StartAsync()
    {
        var starting = _session.StartAsync(default);
        await UntilAsync(() => starting.IsCompleted);
        await starting;
    }

    /// <summary>Half a second passes, and the silo sends what it sends in that time.</summary>
    private async Task PassAsync()
    {
        if (_isHeard && _hearing == _identity.Life)
        {
            await _sink.DeliverAsync(new(Silo, ++_sequence, []));
            _lastHeard = _clock.GetUtcNow();
        }

        _clock.Advance(Step);
        await Task.Yield();
    }

    /// <summary>For 20 s nothing here runs. Returns when the first beat after that is answered.</summary>
    private async Task PauseAsync(Action? meanwhile = null)
    {
        var beats = _cluster.Beats.Count;
        await UntilAsync(() => _cluster.Beats.Count > beats);
        beats = _cluster.Beats.Count;
        meanwhile?.Invoke();
        _clock.Advance(TimeSpan.FromSeconds(20));
        await Poll.UntilAsync(() => _cluster.Beats.Count > beats);
    }

    private async Task UntilAsync(Func<bool> hasHappened)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!hasHappened())
        {
            patience.Token.ThrowIfCancellationRequested();
            await PassAsync();
        }
    }
}
