namespace Presence.Faults;

/// <summary>Three silos, two gateways and Redis, which all rows share: what one has broken is mended before the next begins.</summary>
public class SharedCluster : IAsyncLifetime
{
    public Cluster Cluster { get; private set; } = null!;

    protected virtual ClusterPlan Plan => new() { Settings = Times.Settings, HasRelays = true };

    public async Task InitializeAsync() => Cluster = await Cluster.StartAsync(Plan);

    public async Task DisposeAsync() => await Cluster.DisposeAsync();

    /// <summary>Starts what has ended, and waits until everything serves.</summary>
    public async Task MendAsync()
    {
        await LaunchAsync(Cluster.Redis);
        await Task.WhenAll(Cluster.Programs.Select(LaunchAsync));
    }

    private static Task LaunchAsync(ServerProcess process)
    {
        if (!process.IsRunning)
        {
            process.Launch();
        }

        return process.WaitUntilReadyAsync();
    }
}

/// <summary>The tests of this collection share a cluster.</summary>
[CollectionDefinition(Name)]
public sealed class Shared : ICollectionFixture<SharedCluster>
{
    public const string Name = "shared cluster";
}
