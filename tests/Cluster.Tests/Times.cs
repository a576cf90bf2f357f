namespace Presence.Faults;

/// <summary>What the servers are told, and what follows from it. Every bound of a test is computed here.</summary>
internal static class Times
{
    /// <summary>Of one test, in milliseconds.</summary>
    public const int Limit = 90_000;

    /// <summary>A lost connection may take so long to come back.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>A gateway counts as alive so long after its last sign of life: longer than this machine may keep it from running.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(5);

    public static readonly TimeSpan Renewal = TimeSpan.FromSeconds(1);

    /// <summary>Between two signs of life of a client.</summary>
    public static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(1);

    /// <summary>For how long a gateway that stops sends its users away.</summary>
    public static readonly TimeSpan DrainWindow = TimeSpan.FromSeconds(2);

    /// <summary>Silence after which a socket is taken for lost.</summary>
    public static readonly TimeSpan HeartbeatTimeout = TimeSpan.FromSeconds(5);

    /// <summary>From a change to every subscriber. Two cores carry eight processes here: the half second of a good day is no bound.</summary>
    public static readonly TimeSpan Delivery = TimeSpan.FromSeconds(2);

    /// <summary>The life of a gateway is looked at once a second: the end of the lease and the end of grace are each seen so late.</summary>
    public static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>Users of a silo that died are served again: 3 probes of 0.5 s, a vote and a new table, and the 2 s after which a call is given up.</summary>
    public static readonly TimeSpan Failover = TimeSpan.FromSeconds(6);

    /// <summary>What an error tells a client to wait before it asks again.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>A request is answered so soon, by <c>unavailable</c> if need be: calls are given up after 2 s, and Orleans looks once a second for what is overdue.</summary>
    public static readonly TimeSpan Answer = TimeSpan.FromSeconds(3);

    /// <summary>After a fault has healed everybody agrees.</summary>
    public static readonly TimeSpan Convergence = TimeSpan.FromSeconds(5);

    /// <summary>The same where a silo died.</summary>
    public static readonly TimeSpan ConvergenceAfterSilo = TimeSpan.FromSeconds(10);

    /// <summary>What this machine may be late when all its processes want to run.</summary>
    public static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    /// <summary>Users of a gateway that died, and of half-open sockets (their timeout is as long as the lease).</summary>
    public static readonly TimeSpan OfflineAfterLoss = Lease + Look + Grace + Look + Delivery;

    /// <summary>A choice that was made at the worst moment of a silo's death, and is said again when the error says so.</summary>
    public static readonly TimeSpan ConfirmedOverFailover = Failover + RetryAfter + Slack;

    /// <summary>A cluster that starts lets somebody in: 15 s, and as much for five runtimes that start at once on two cores.</summary>
    public static readonly TimeSpan Start = TimeSpan.FromSeconds(30);

    public static (string Key, string Value)[] Settings =>
    [
        ("GracePeriod", Text(Grace)), ("LeaseDuration", Text(Lease)), ("LeaseRenewal", Text(Renewal)),
        ("HeartbeatInterval", Text(HeartbeatInterval)), ("HeartbeatTimeout", Text(HeartbeatTimeout)), ("UpdateWindow", "0s"), ("DrainWindow", Text(DrainWindow)),
        ("MaxStatusChangesPer10s", "1000"), ("Cluster:ProbeTimeout", "500ms"), ("Cluster:MissedProbes", "3"),
    ];

    public static Bounds Bounds => new() { Grace = Grace, OfflineAfterLoss = OfflineAfterLoss, Delivery = Delivery };

    private static string Text(TimeSpan time) => $"{(int)time.TotalSeconds}s";
}
