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

/// <summary>The servers of the scenarios of one profile, and what was seen in each scenario.</summary>
public sealed class Deployments<TProfile> : IAsyncLifetime
    where TProfile : IProfile
{
    /// <summary>So many scenarios are played at once: most of their time they wait.</summary>
    private const int AtOnce = 6;

    private readonly ConcurrentDictionary<(Deployment, string Name), Lazy<Task<string>>> _played = [];
    private readonly SemaphoreSlim[] _places = [.. Enum.GetValues<Deployment>().Select(_ => new SemaphoreSlim(TProfile.IsAlone ? 1 : AtOnce))];
    private PresenceServer _standalone = null!;
    private Cluster _cluster = null!;

    private static (string, string)[] Settings =>
    [
        ("GracePeriod", "1s"), ("UpdateWindow", "0s"), ("MaxStatusChangesPer10s", "1000"), ("AllowedOrigins:0", "https://app.example.com"),
        .. TProfile.Settings,
    ];

    public async Task InitializeAsync()
    {
        var standalone = PresenceServer.StartAsync(Settings);
        _cluster = await Cluster.StartAsync(new() { Silos = 2, Gateways = 2, Settings = Settings });
        _standalone = await standalone;
    }

    public async Task DisposeAsync()
    {
        string[] errors = [.. _standalone.Output.Errors, .. _cluster.Errors];
        await _standalone.DisposeAsync();
        await _cluster.DisposeAsync();
        Array.ForEach(_places, places => places.Dispose());

        // The runner does not say of what a clean-up died: test.sh prints the file.
        await File.WriteAllLinesAsync(Path.Combine(AppContext.BaseDirectory, $"{typeof(TProfile).Name}.errors.txt"), errors);
        Assert.Empty(errors);
    }

    /// <summary>Plays a scenario once, however often it is asked for; the first who asks has them all played.</summary>
    /// <returns>What every client got.</returns>
    internal Task<string> PlayAsync(string name, Deployment deployment)
    {
        foreach (var other in Scenario.NamesIn(TProfile.Folders))
        {
            _ = BeginAsync(other, Deployment.Standalone);
            _ = BeginAsync(other, Deployment.Cluster);
        }

        return BeginAsync(name, deployment);
    }

    private Task<string> BeginAsync(string name, Deployment deployment) =>
        _played.GetOrAdd((deployment, name), _ => new(() => PlayInTurnAsync(name, deployment))).Value;

    private async Task<string> PlayInTurnAsync(string name, Deployment deployment)
    {
        var places = _places[(int)deployment];
        await places.WaitAsync();
        try
        {
            return await Runner.PlayAsync(Scenario.Read(name), deployment == Deployment.Standalone ? [_standalone] : _cluster.Gateways);
        }
        finally
        {
            places.Release();
        }
    }
}
