namespace Presence.Faults;

/// <summary>
/// A fault, and a crowd that goes through it: each user watches the next five, half of them at each gateway. When the crowd has gone, so has all
/// that the processes held for it.
/// </summary>
[Collection(Shared.Name)]
public abstract class FaultTests(SharedCluster shared) : IAsyncLifetime
{
    private const int Watched = 5;

    // Connections among the processes themselves come and go.
    private const int MoreFiles = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private Dictionary<PresenceProcess, (int ProcessId, int Files)> _before = [];
    private int _crashes;

    protected virtual int People => 60;

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
        _before = Cluster.Programs.ToDictionary(program => program, program => (program.ProcessId, program.OpenFiles));
        Crowd = new(new Recorder(), Cluster.Gateways);
        var users = Names.Many("user", People);
        foreach (var (index, user) in users.Index())
        {
            Crowd.Add(user, GatewayOf(index), Enumerable.Range(1, Watches(index)).Select(i => users[(index + i) % People]));
        }

        await Crowd.SettleAsync(Patience);
    }

    public async Task DisposeAsync()
    {
        foreach (var program in Cluster.Programs.Where(program => program.IsRunning))
        {
            program.Resume();
            Cluster.RelayOf(program).Resume();
        }

        foreach (var link in Cluster.Links.Concat(Cluster.SiloLinks))
        {
            link.Resume();
        }

        await Crowd.DisposeAsync();
        Assert.Empty(Crashes().Skip(_crashes));
        await Until.TrueAsync(() => !Holding().Any(), Patience, () => string.Join('\n', Holding()));
    }

    protected virtual int GatewayOf(int index) => index % 2;

    /// <summary>How many others each user watches.</summary>
    protected virtual int Watches(int index) => Watched;

    /// <summary>Everybody changes status about once a second; returns when it is well under way.</summary>
    protected async Task ToggleAsync()
    {
        Crowd.StartToggling(TimeSpan.FromSeconds(1));
        var before = Confirmed();
        await UntilAsync(() => Confirmed() > before + People, "Nobody toggles.");
    }

    /// <summary>Waits until everybody has had a choice confirmed that was made after a time.</summary>
    protected Task ServedAsync(TimeSpan since, TimeSpan within)
    {
        return Until.TrueAsync(() => Unserved().Count == 0, within, () => $"Not served: {string.Join(", ", Unserved().Take(10))}");

        List<string> Unserved()
        {
            var entries = Crowd.Recorder.Entries;
            var made = entries.OfType<Chosen>().Where(chosen => chosen.At > since).Select(chosen => chosen.Number).ToHashSet();
            var served = entries.OfType<Acknowledged>().Where(confirmed => made.Contains(confirmed.Number)).Select(confirmed => confirmed.User);
            return [.. Crowd.People.Where(person => person.IsPresent).Select(person => person.User).Except(served)];
        }
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
    protected Task OfflineAsync(IReadOnlyCollection<string> users, TimeSpan since, TimeSpan within) =>
        ShownAsync(Crowd.People, users, held => held.IsOffline && held.At >= since, within);

    /// <summary>Waits until all that these people hold of these users is as it should be.</summary>
    protected Task ShownAsync(IEnumerable<Person> people, IReadOnlyCollection<string> users, Func<Seen, bool> isRight, TimeSpan within)
    {
        var clients = people.Select(person => person.Client).ToHashSet();
        return Until.TrueAsync(() => Wrong().Count == 0, within, () => $"Not shown as they should be: {string.Join(", ", Wrong().Take(10))}");

        List<string> Wrong()
        {
            var history = new History(Crowd.Recorder.Entries, Now);
            return
            [
                .. from view in history.Views
                   where clients.Contains(view.Client) && users.Contains(view.User) && history.HeldBy(view) is { } held && !isRight(held)
                   select $"{view.User} to {view.Client}",
            ];
        }
    }

    /// <summary>All processes of the cluster but these run since the crowd came.</summary>
    protected void AssertAlive(params PresenceProcess[] except) =>
        Assert.All(Cluster.Programs.Except(except), program => Assert.True(IsAlive(program), $"{program.Name} has ended:\n{program.Output}"));

    private bool IsAlive(PresenceProcess program) => program.IsRunning && program.ProcessId == _before[program].ProcessId;

    /// <summary>P7: descriptors that a process has not given back.</summary>
    private IEnumerable<string> Holding() =>
        from program in Cluster.Programs
        where IsAlive(program)
        let files = program.OpenFiles
        where files > _before[program].Files + MoreFiles
        select $"{program.Name} has {files} descriptors open, {_before[program].Files} before.";

    private List<string> Crashes() => [.. Cluster.Errors.Where(error => error.Contains("Unhandled exception", StringComparison.Ordinal))];

    private int Confirmed() => Crowd.Recorder.Entries.OfType<Acknowledged>().Count();

    private static Task UntilAsync(Func<bool> isTrue, string otherwise) => Until.TrueAsync(isTrue, Patience, () => otherwise);
}
