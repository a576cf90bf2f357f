using System.Collections.Concurrent;

namespace Presence.Conformance;

/// <summary>Where a scenario is played.</summary>
public enum Deployment
{
    /// <summary>One process.</summary>
    Standalone,

    /// <summary>Two silos, two gateways and Redis.</summary>
    Cluster,
}

/// <summary>The servers of the scenarios of one folder, and what was seen in each scenario.</summary>
public sealed class Deployments<TProfile> : IAsyncLifetime
    where TProfile : IProfile
{
    private readonly ConcurrentDictionary<(Deployment, string Name), Lazy<Task<string>>> _played = [];
    private PresenceServer _standalone = null!;
    private Cluster _cluster = null!;

    private static (string, string)[] Settings =>
    [
        ("GracePeriod", "1s"), ("UpdateWindow", "0s"), ("MaxStatusChangesPer10s", "1000"), ("AllowedOrigins:0", "https://app.example.com"),
        .. TProfile.Settings,
    ];

    public async Task InitializeAsync()
    {
        _standalone = await PresenceServer.StartAsync(Settings);
        _cluster = await Cluster.StartAsync(new() { Silos = 2, Gateways = 2, Settings = Settings });
    }

    public async Task DisposeAsync()
    {
        Assert.Empty(_standalone.Output.Errors);
        Assert.Empty(_cluster.Errors);
        await _standalone.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    /// <summary>Plays a scenario once, however often it is asked for.</summary>
    /// <returns>What every client got.</returns>
    internal Task<string> PlayAsync(string name, Deployment deployment) => _played.GetOrAdd(
        (deployment, name),
        _ => new(() => Runner.PlayAsync(
            Scenario.Read(TProfile.Folder, name), deployment == Deployment.Standalone ? [_standalone] : _cluster.Gateways))).Value;
}
