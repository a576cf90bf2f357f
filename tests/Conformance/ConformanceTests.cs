namespace Presence.Conformance;

/// <summary>Every scenario gives the frames it names, on each deployment, and the same ones on both.</summary>
public abstract class ConformanceTests<TProfile>(Deployments<TProfile> deployments) : IClassFixture<Deployments<TProfile>>
    where TProfile : IProfile
{
#pragma warning disable CA1000 // xunit looks for the data of a test where the test is.
    public static TheoryData<string> Names => [.. Scenario.NamesIn(TProfile.Folders)];

    public static IEnumerable<object[]> Runs =>
        from name in Scenario.NamesIn(TProfile.Folders)
        from deployment in Enum.GetValues<Deployment>()
        select (object[])[name, deployment];
#pragma warning restore CA1000

    [Theory]
    [MemberData(nameof(Runs))]
    public Task Scenario_IsPlayed_ShowsWhatItNames(string name, Deployment deployment) => deployments.PlayAsync(name, deployment);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Scenario_OnBothDeployments_ShowsTheSame(string name) =>
        Assert.Equal(await deployments.PlayAsync(name, Deployment.Standalone), await deployments.PlayAsync(name, Deployment.Cluster));
}

public sealed class CoreTests(Deployments<Core> deployments) : ConformanceTests<Core>(deployments);

public sealed class LimitsTests(Deployments<Limits> deployments) : ConformanceTests<Limits>(deployments);

public sealed class RateTests(Deployments<Rate> deployments) : ConformanceTests<Rate>(deployments);

public sealed class JwtTests(Deployments<Jwt> deployments) : ConformanceTests<Jwt>(deployments);

public sealed class TimesTests(Deployments<Times> deployments) : ConformanceTests<Times>(deployments);

public sealed class LobbyTests(Deployments<Lobby> deployments) : ConformanceTests<Lobby>(deployments);

public sealed class DrainTests(Deployments<Drain> deployments) : ConformanceTests<Drain>(deployments);
