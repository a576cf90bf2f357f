namespace Presence.Grains.Sinks;

/// <summary>Hears batches by direct calls from the silos.</summary>
internal sealed class ObserverSubscription(IGrainFactory grains) : ISinkSubscription
{
    // The runtime holds the observer weakly: it lives as long as this reference.
    private Observer? _observer;
    private IPresenceSinkObserver? _reference;

    public bool SilosGoOn => true;

    public async Task<IPresenceSinkObserver?> SubscribeAsync(string life, IPresenceSink sink)
    {
        await UnsubscribeAsync();
        _observer = new(sink);
        _reference = grains.CreateObjectReference<IPresenceSinkObserver>(_observer);
        return _reference;
    }

    public Task UnsubscribeAsync()
    {
        if (_reference is { } reference)
        {
            _observer!.End();
            grains.DeleteObjectReference<IPresenceSinkObserver>(reference);
            (_observer, _reference) = (null, null);
        }

        return Task.CompletedTask;
    }

    private sealed class Observer(IPresenceSink sink) : IPresenceSinkObserver
    {
        private volatile bool _hasEnded;

        public void End() => _hasEnded = true;

        public Task DeliverAsync(SinkBatch batch) => _hasEnded ? Task.CompletedTask : sink.DeliverAsync(batch).AsTask();
    }
}
