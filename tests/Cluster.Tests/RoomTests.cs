namespace Presence.Faults;

/// <summary>Processes that end while rooms are busy: some stay in all of them, and others come and go all the time.</summary>
[Collection(Shared.Name)]
public sealed class RoomTests(SharedCluster shared) : IAsyncLifetime
{
    // So many that each silo has some.
    private const int Rooms = 12;
    private const int Stayers = 12;
    private const int Visitors = 4;

    // Of one visitor: two messages each time, and nobody may say more than 50 in a second.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    private readonly string[] _rooms = Names.Many("room", Rooms);
    private readonly List<RoomFollower> _stayers = [];
    private readonly CancellationTokenSource _closing = new();
    private Task _visits = Task.CompletedTask;
    private int _visited;

    private Cluster Cluster => shared.Cluster;

    private IEnumerable<RoomFollower> AtFirst => _stayers.Where((_, index) => index % 2 == 0);

    private IEnumerable<RoomFollower> AtSecond => _stayers.Where((_, index) => index % 2 == 1);

    public async Task InitializeAsync()
    {
        await shared.MendAsync();
        _stayers.AddRange(await Task.WhenAll(Names.Many("stayer", Stayers).Select((user, i) => EnterAsync(Cluster.Gateways[i % 2], user))));
    }

    public async Task DisposeAsync()
    {
        await EndVisitsAsync();
        await Task.WhenAll(_stayers.Select(stayer => stayer.DisposeAsync().AsTask()));
        _closing.Dispose();
    }

    [Fact(Timeout = Times.Limit)]
    public async Task SiloKilled_AllAgreeAndNobodyWhoStayedHasLeft()
    {
        await VisitAsync(Cluster.Gateways);
        await Cluster.Silos[1].KillAsync();
        await VisitedAsync(5 * Visitors);
        await EndVisitsAsync();

        await AgreeAsync(_stayers, Times.ConvergenceAfterSilo);
        AssertStayed(_stayers);
    }

    [Fact(Timeout = Times.Limit)]
    public async Task GatewayKilled_ItsMembersAreBackOrLeaveAndNobodyElseDoes()
    {
        var (back, gone) = (AtFirst.Take(3).ToList(), AtFirst.Skip(3).ToList());
        await VisitAsync([Cluster.Gateways[1]]);
        await Cluster.Gateways[0].KillAsync();
        var returned = await Task.WhenAll(back.Select(stayer => EnterAsync(Cluster.Gateways[1], stayer.UserId)));
        await VisitedAsync(5 * Visitors);
        await EndVisitsAsync();

        List<RoomFollower> rest = [.. AtSecond, .. returned];
        await AgreeAsync(rest, Times.OfflineAfterLoss);
        AssertStayed(rest);
        Assert.All(AtSecond, stayer => Assert.Subset(stayer.Left.ToHashSet(), gone.Select(other => other.UserId).ToHashSet()));
        _stayers.AddRange(returned);
    }

    private async Task<RoomFollower> EnterAsync(IEndpoint gateway, string user)
    {
        var follower = await RoomFollower.SignInAsync(gateway, user);
        await Task.WhenAll(_rooms.Select(follower.JoinAsync));
        return follower;
    }

    /// <summary>Visitors come to one room after the other, and leave it; returns when it is well under way.</summary>
    private Task VisitAsync(IReadOnlyList<IEndpoint> gateways)
    {
        _visits = Task.WhenAll(Enumerable.Range(0, Visitors).Select(i => Task.Run(() => VisitAsync(gateways[i % gateways.Count]))));
        return VisitedAsync(2 * Rooms);
    }

    private async Task VisitAsync(IEndpoint gateway)
    {
        await using var visitor = await RoomFollower.SignInAsync(gateway, Names.New("visitor"));
        using var timer = new PeriodicTimer(Pace);
        for (var i = 0; !_closing.IsCancellationRequested; i++)
        {
            await timer.WaitForNextTickAsync();
            await visitor.JoinAsync(_rooms[i % Rooms]);
            await visitor.LeaveAsync(_rooms[i % Rooms]);
            Interlocked.Increment(ref _visited);
        }
    }

    private Task VisitedAsync(int more)
    {
        var before = _visited;
        return Until.TrueAsync(
            () => _visits.IsFaulted || _visited >= before + more, Times.ConfirmedOverFailover + Times.Convergence, () => $"{_visited - before} of {more} visits.");
    }

    private async Task EndVisitsAsync()
    {
        await _closing.CancelAsync();
        await _visits;
    }

    /// <summary>Within the time everybody knows what every gateway that lives answers, and that is: those who are there.</summary>
    private async Task AgreeAsync(List<RoomFollower> followers, TimeSpan within)
    {
        var there = string.Join(", ", followers.Select(follower => follower.UserId).Order(StringComparer.Ordinal));
        List<string> wrong = [];
        await Until.TrueAsync(
            async () =>
            {
                wrong = Wrong(followers.Select(follower => _rooms.Select(follower.Of)), there);
                wrong = wrong.Count == 0 ? Wrong([.. followers.Select(follower => _rooms.Select(follower.Of)), .. await AskAsync()], there) : wrong;
                return wrong.Count == 0;
            },
            within, () => $"{there} should be there:\n{string.Join('\n', wrong)}");
    }

    /// <summary>What each gateway that lives answers of each room, to somebody who knows nothing yet.</summary>
    private Task<string[][]> AskAsync() => Task.WhenAll(Cluster.Gateways.Where(gateway => gateway.IsRunning).Select(async gateway =>
    {
        await using var reader = await RoomFollower.SignInAsync(gateway, Names.New("reader"));
        return await Task.WhenAll(_rooms.Select(reader.GetAsync));
    }));

    /// <returns>What is known of rooms of which not all know the same, or of which that is not who is there.</returns>
    private static List<string> Wrong(IEnumerable<IEnumerable<string>> known, string there) =>
    [
        .. from room in known.SelectMany(all => all.Index())
           group room.Item by room.Index into same
           let views = same.Distinct().ToList()
           where views.Count > 1 || !views[0].EndsWith($": {there}", StringComparison.Ordinal)
           from view in views
           select view,
    ];

    private static void AssertStayed(List<RoomFollower> stayers)
    {
        var users = stayers.Select(stayer => stayer.UserId).ToHashSet();
        Assert.All(stayers, stayer => Assert.DoesNotContain(stayer.Left, users.Contains));
    }
}
