using Presence.Harness.Checking;
using Presence.Harness.Clients;

namespace Presence.Harness.Tests.Clients;

/// <summary>Real clients and a real server, with and without somebody who interferes.</summary>
public sealed class CrowdTests : IAsyncLifetime
{
    private const int People = 30;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly Bounds Bounds = new() { Grace = TimeSpan.FromSeconds(4), OfflineAfterLoss = TimeSpan.FromSeconds(7) };

    private PresenceServer _server = null!;
    private TcpRelay _relay = null!;
    private Crowd _crowd = null!;

    public async Task InitializeAsync()
    {
        _server = await PresenceServer.StartAsync(
            ("GracePeriod", "4s"), ("HeartbeatInterval", "500ms"), ("HeartbeatTimeout", "2s"), ("MaxStatusChangesPer10s", "100000"));
        _relay = TcpRelay.To(_server.Port);
        _crowd = new(new Recorder(), [_relay, _server]);
        var users = Names.Many("user", People);
        foreach (var (index, user) in users.Index())
        {
            _crowd.Add(user, gateway: index % 2, subscribesTo: Enumerable.Range(1, 5).Select(i => users[(index + i) % People]));
        }

        await _crowd.SettleAsync(Patience);
    }

    public async Task DisposeAsync()
    {
        await _crowd.DisposeAsync();
        await _relay.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Crowd_HalfIsCutAndOneLeavesAndOneVanishes_KeepsEveryPromise()
    {
        _crowd.StartToggling(TimeSpan.FromSeconds(1));
        await SeenAsync(400);
        _relay.Cut();
        await _crowd.People[0].VanishAsync();
        await _crowd.People[1].LeaveAsync();
        await OfflineAsync(_crowd.People[0].User);
        await OfflineAsync(_crowd.People[1].User);

        var history = await Verdict.ReachAsync(_crowd, [_server, _relay], Bounds, Patience);

        Assert.Equal(People / 2, history.Users.Count(user => history.StaysOf(user).Count > 1) + 1);
        Assert.NotEmpty(history.Entries.OfType<Acknowledged>());
    }

    [Fact]
    public async Task Crowd_SilentServer_IsLeftAndFoundAgain()
    {
        _relay.Pause();
        await Until.TrueAsync(
            () => _crowd.Recorder.Entries.OfType<Ended>().Count() >= People / 2, Patience, () => "Nobody noticed the silence.");
        _relay.Resume();

        await Verdict.ReachAsync(_crowd, [_server], Bounds, Patience);
    }

    [Fact]
    public async Task Verdict_SomebodyElseChanges_IsToldOfIt()
    {
        await using var intruder = await PresenceClient.SignInAsync(_server, _crowd.People[0].User);
        await intruder.SendAsync(new { type = "set_status", status = "busy" });
        await intruder.ExpectAsync("status_updated");

        var failure = await Record.ExceptionAsync(() => Verdict.ReachAsync(_crowd, [_server], Bounds, TimeSpan.FromSeconds(1)));

        Assert.Contains("P4", failure?.Message, StringComparison.Ordinal);
    }

    private Task OfflineAsync(string user) => Until.TrueAsync(
        () => _crowd.Recorder.Entries.OfType<Seen>().Any(seen => seen.User == user && seen.IsOffline), Patience, () => $"{user} is still online.");

    private Task SeenAsync(int count) => Until.TrueAsync(
        () => _crowd.Recorder.Entries.OfType<Seen>().Count() >= count, Patience, () => $"Fewer than {count} updates.");
}
