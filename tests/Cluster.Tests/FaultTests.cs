namespace Presence.Faults;

/// <summary>A fault, and a crowd that goes through it: each user watches the next five, half of them at each gateway.</summary>
[Collection(Shared.Name)]
public abstract class FaultTests(SharedCluster shared) : IAsyncLifetime
{
    protected const int People = 60;

    private const int Watched = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private int[] _processes = [];
    private int _crashes;

    protected Cluster Cluster => shared.Cluster;

    protected Crowd Crowd { get; private set; } = null!;

    protected IEnumerable<Person> Left => Crowd.People.Where((_, index) => index % 2 == 0);

    protected IEnumerable<Person> Right => Crowd.People.Where((_, index) => index % 2 == 1);

    protected GatewayProcess Gateway1 => Cluster.Gateways[0];

    protected GatewayProcess Gateway2 => Cluster.Gateways[1];

    protected TimeSpan Now => Crowd.Recorder.Now;

    public async Task InitializeAsync()
    {
        await shared.MendAsync();
        _crashes = Crashes().Count;
        Crowd = new(new Recorder(), Cluster.Gateways);
        var users = Names.Many("user", People);
        foreach (var (index, user) in users.Index())
        {
            Crowd.Add(user, gateway: index % 2, subscribesTo: Enumerable.Range(1, Watched).Select(i => users[(index + i) % People]));
        }

        await Crowd.SettleAsync(Patience);
        _processes = [.. Cluster.Programs.Select(program => program.ProcessId)];
    }

    public async Task DisposeAsync()
    {
        foreach (var program in Cluster.Programs.Where(program => program.IsRunning))
        {
            program.Resume();
            Cluster.RelayOf(program).Resume();
        }

        await Crowd.DisposeAsync();
        Assert.Empty(Crashes().Skip(_crashes));
    }

    /// <summary>Everybody changes status about once a second; returns when it is well under way.</summary>
    protected async Task ToggleAsync()
    {
        Crowd.StartToggling(TimeSpan.FromSeconds(1));
        var before = Confirmed();
        await UntilAsync(() => Confirmed() > before + People, "Nobody toggles.");
    }

    /// <summary>Lets the crowd go on as it does.</summary>
    protected Task GoOnAsync(TimeSpan time)
    {
        var end = Now + time;
        return UntilAsync(() => Now >= end, "Time stands still.");
    }

    protected Task<History> VerdictAsync(TimeSpan within, Bounds? bounds = null, IReadOnlyList<IEndpoint>? gateways = null) =>
        Verdict.ReachAsync(Crowd, gateways ?? Cluster.Gateways, bounds ?? Times.Bounds, within);

    /// <summary>Nobody was shown offline since.</summary>
    protected static void AssertNobodyOffline(History history, TimeSpan since) =>
        Assert.Empty(history.Entries.OfType<Seen>().Where(seen => seen.At >= since && seen.IsOffline).Take(5));

    /// <summary>Waits until everybody who watches these users has been shown them offline, since a time.</summary>
    protected Task OfflineAsync(IReadOnlyCollection<string> users, TimeSpan since, TimeSpan within) => Until.TrueAsync(
        () => StillShown(users, since).Count == 0, within, () => $"Not shown offline: {string.Join(", ", StillShown(users, since).Take(10))}");

    /// <summary>All processes of the cluster but these run since the crowd came.</summary>
    protected void AssertAlive(params PresenceProcess[] except)
    {
        foreach (var (program, processId) in Cluster.Programs.Zip(_processes).Where(pair => !except.Contains(pair.First)))
        {
            Assert.True(program.IsRunning && program.ProcessId == processId, $"{program.Name} has ended:\n{program.Output}");
        }
    }

    private List<string> StillShown(IReadOnlyCollection<string> users, TimeSpan since)
    {
        var history = new History(Crowd.Recorder.Entries, Now);
        return
        [
            .. from view in history.Views
               where users.Contains(view.User) && history.HeldBy(view) is { } held && !(held.IsOffline && held.At >= since)
               select $"{view.User} to {view.Client}",
        ];
    }

    private List<string> Crashes() => [.. Cluster.Errors.Where(error => error.Contains("Unhandled exception", StringComparison.Ordinal))];

    private int Confirmed() => Crowd.Recorder.Entries.OfType<Acknowledged>().Count();

    private static Task UntilAsync(Func<bool> isTrue, string otherwise) => Until.TrueAsync(isTrue, Patience, () => otherwise);
}
