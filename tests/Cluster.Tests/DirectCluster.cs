namespace Presence.Faults;

/// <summary>
/// As the other one, but changes travel by direct calls, the processes speak TLS, and the first gateway can be cut off from the silos.
/// </summary>
public sealed class DirectCluster : SharedCluster, IDisposable
{
    private readonly Authority _authority = new();

    public void Dispose() => _authority.Dispose();

    /// <summary>Of a process with this certificate; the default is one that all others trust.</summary>
    public (string, string)[] TlsSettings(string? certificate = null, string? authority = null) =>
    [
        ("Cluster:Tls:Certificate", certificate ?? _authority.Issue("process")), ("Cluster:Tls:Authority", authority ?? _authority.File),
    ];

    protected override ClusterPlan Plan => base.Plan with
    {
        HasLinks = true,
        Settings = [.. base.Plan.Settings, ("Cluster:Transport", "Observer"), .. TlsSettings()],
    };
}

/// <summary>The tests of this collection share such a cluster.</summary>
[CollectionDefinition(Name)]
public sealed class Direct : ICollectionFixture<DirectCluster>
{
    public const string Name = "direct cluster";
}
