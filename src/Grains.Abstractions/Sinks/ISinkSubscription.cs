namespace Presence.Grains.Sinks;

/// <summary>How batches reach a sink: the other end of the silos' transport.</summary>
internal interface ISinkSubscription
{
    /// <summary>
    /// Whether the silos go on when this process ends: the grace period of its users then begins with its end, and else with the next start.
    /// </summary>
    bool SilosGoOn { get; }

    /// <summary>Hears the batches for one life, in place of an earlier one.</summary>
    /// <returns>Where silos deliver by a direct call; null when they need not know.</returns>
    Task<IPresenceSinkObserver?> SubscribeAsync(string life, IPresenceSink sink);

    /// <summary>Hears no more. A process that ends without it costs the silos a minute of undeliverable batches.</summary>
    Task UnsubscribeAsync();
}
