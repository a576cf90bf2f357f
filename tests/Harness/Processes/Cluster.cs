namespace Presence.Harness.Processes;

/// <summary>What a cluster is made of.</summary>
public sealed record ClusterPlan
{
    public int Silos { get; init; } = 3;

    public int Gateways { get; init; } = 2;

    /// <summary>Of silos and gateways, as <see cref="PresenceProcess"/> takes them.</summary>
    public IReadOnlyList<(string Key, string Value)> Settings { get; init; } = [];

    /// <summary>Whether every silo and gateway reaches Redis through a relay of its own.</summary>
    public bool HasRelays { get; init; }

    /// <summary>Whether silos are reached through relays.</summary>
    public bool HasLinks { get; init; }

    /// <summary>Whether Redis keeps its data over a restart.</summary>
    public bool IsRedisDurable { get; init; } = true;
}

/// <summary>A whole cluster of processes on this machine, with a Redis of its own.</summary>
public sealed class Cluster : IAsyncDisposable
{
    private readonly Dictionary<ServerProcess, TcpRelay> _relays = [];

    private Cluster(ClusterPlan plan)
    {
        Redis = new(isDurable: plan.IsRedisDurable);
        Settings = [("Cluster:ServiceId", Id), ("Cluster:ClusterId", Id), ("Cluster:Redis", $"127.0.0.1:{Redis.Port}"), .. plan.Settings];
        Silos = [.. Enumerable.Range(1, plan.Silos).Select(i => Make(plan, settings => new SiloProcess($"silo{i}", settings)))];
        Gateways = [.. Enumerable.Range(1, plan.Gateways).Select(i => Make(plan, settings => new GatewayProcess($"gateway{i}", settings)))];
        if (plan.HasLinks)
        {
            Links = [.. Silos.Select(silo => Link(silo.GatewayPort, Gateways, port => silo.KnownGatewayPort = port))];
            SiloLinks = [.. Silos.Select(silo => Link(silo.SiloPort, Silos, port => silo.KnownSiloPort = port))];
        }
    }

    /// <summary>The name of service and cluster.</summary>
    public string Id { get; } = $"test-{Guid.NewGuid():N}";

    /// <summary>Of one more process that is to be of the cluster.</summary>
    public IReadOnlyList<(string Key, string Value)> Settings { get; }

    public RedisProcess Redis { get; }

    public IReadOnlyList<SiloProcess> Silos { get; }

    public IReadOnlyList<GatewayProcess> Gateways { get; }

    /// <summary>What gateways reach the silos by; only of a cluster with links.</summary>
    public IReadOnlyList<TcpRelay> Links { get; } = [];

    /// <summary>What the silos reach each other by; only of a cluster with links.</summary>
    public IReadOnlyList<TcpRelay> SiloLinks { get; } = [];

    /// <summary>Silos and gateways.</summary>
    public IEnumerable<PresenceProcess> Programs => [.. Silos, .. Gateways];

    /// <summary>Lines of the logs that tell of a bug, with the name of the process.</summary>
    public IReadOnlyList<string> Errors => [.. Programs.SelectMany(p => p.Output.Errors.Select(error => $"{p.Name}: {error}"))];

    /// <summary>Starts everything and waits until all are ready.</summary>
    public static async Task<Cluster> StartAsync(ClusterPlan plan)
    {
        var cluster = new Cluster(plan);
        try
        {
            await cluster.Redis.LaunchAsync();
            await cluster.LaunchAllAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts all silos and gateways, which must have ended, and waits until they are ready.</summary>
    public Task LaunchAllAsync() => Task.WhenAll(Programs.Select(program => program.LaunchAsync()));

    /// <summary>The link of a process to Redis; only of a cluster with relays.</summary>
    public TcpRelay RelayOf(PresenceProcess program) => _relays[program];

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Programs.Select(program => program.DisposeAsync().AsTask()));
        await Redis.DisposeAsync();
        foreach (var relay in _relays.Values.Concat(Links).Concat(SiloLinks))
        {
            await relay.DisposeAsync();
        }
    }

    private static TcpRelay Link(int target, IReadOnlyList<ServerProcess> peers, Action<int> tell)
    {
        var link = TcpRelay.To(target);
        link.Peers = () => peers.Where(peer => peer.IsRunning).Select(peer => peer.ProcessId);
        tell(link.Port);
        return link;
    }

    private T Make<T>(ClusterPlan plan, Func<IReadOnlyList<(string, string)>, T> make)
        where T : PresenceProcess
    {
        var relay = plan.HasRelays ? TcpRelay.To(Redis.Port) : null;
        var process = make(
        [
            .. Settings, ("Cluster:Redis", $"127.0.0.1:{relay?.Port ?? Redis.Port}"),
        ]);
        if (relay is not null)
        {
            _relays[process] = relay;
        }

        return process;
    }
}
