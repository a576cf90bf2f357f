namespace Presence.Grains.Rules.Gateways;

/// <summary>What is stored of all sinks.</summary>
[GenerateSerializer, Immutable, Alias("presence.sink-registry-state")]
internal sealed record SinkRegistryState
{
    private const int MaxEnded = 1024;

    [Id(0)]
    public SinkEntry[] Live { get; init; } = [];

    /// <summary>The latest ones, the oldest first: a late beat must not bring one back.</summary>
    [Id(1)]
    public string[] Ended { get; init; } = [];

    /// <summary>The very same state when the sink is known like this or has ended.</summary>
    public SinkRegistryState Begin(SinkEntry sink)
    {
        if (Ended.Contains(sink.Sink))
        {
            return this;
        }

        var at = Array.FindIndex(Live, live => live.Sink == sink.Sink);
        return at < 0 ? this with { Live = [.. Live, sink] }
            : Equals(Live[at].Observer, sink.Observer) ? this
            : this with { Live = [.. Live[..at], sink, .. Live[(at + 1)..]] };
    }

    /// <summary>The very same state when the sink has ended before.</summary>
    public SinkRegistryState End(string sink) => Ended.Contains(sink) ? this : this with
    {
        Live = Array.FindAll(Live, live => live.Sink != sink),
        Ended = [.. Ended.Skip(Math.Max(0, Ended.Length + 1 - MaxEnded)), sink],
    };
}
