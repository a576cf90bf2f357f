using System.Collections.Concurrent;
using Presence.Client;
using DotnetClient = Presence.Client.PresenceClient;

namespace Presence.Faults;

/// <summary>The .NET client at two gateways of a cluster that loses a silo, and then a gateway.</summary>
[Collection(Shared.Name)]
public sealed class ClientTests(SharedCluster shared) : IAsyncLifetime
{
    /// <summary>The longest wait of the client between two attempts, and the attempt.</summary>
    private static readonly TimeSpan Return = TimeSpan.FromSeconds(10);

    private readonly string _ada = Names.New("ada");
    private readonly string _bob = Names.New("bob");

    public Task InitializeAsync() => shared.MendAsync();

    public Task DisposeAsync() => shared.MendAsync();

    [Fact(Timeout = Times.Limit)]
    public async Task SiloKilledThenGatewayKilled_EachSeesTheOtherRight()
    {
        var (silo, gateway1, gateway2) = (shared.Cluster.Silos[2], shared.Cluster.Gateways[0], shared.Cluster.Gateways[1]);
        await using var ada = await StartAsync(gateway1, _ada, _bob);
        await using var bob = await StartAsync(gateway2, _bob, _ada);
        await ShowsAsync(ada, _bob, PresenceStatus.Online, Times.Delivery);
        await ShowsAsync(bob, _ada, PresenceStatus.Online, Times.Delivery);
        var seenByBob = new ConcurrentQueue<PresenceStatus>();
        var reading = ReadAsync(bob, seenByBob);

        await silo.KillAsync();
        await SetAsync(ada, PresenceStatus.Dnd);
        await SetAsync(bob, PresenceStatus.Busy);
        await ShowsAsync(bob, _ada, PresenceStatus.Dnd, Times.ConvergenceAfterSilo);
        await ShowsAsync(ada, _bob, PresenceStatus.Busy, Times.ConvergenceAfterSilo);
        Assert.DoesNotContain(PresenceStatus.Offline, seenByBob);

        // The lease of the gateway may have been kept by the silo that died: one fault at a time.
        await shared.MendAsync();
        await gateway1.KillAsync();
        await ShowsAsync(bob, _ada, PresenceStatus.Offline, Times.OfflineAfterLoss);
        Assert.Equal((PresenceConnectionState.Reconnecting, PresenceStatus.Busy, true), (ada.State, ada.Find(_bob)!.Status, ada.Find(_bob)!.IsStale));
        await bob.SetStatusAsync(PresenceStatus.Online);

        await gateway1.LaunchAsync();
        await ShowsAsync(ada, _bob, PresenceStatus.Online, Return + Times.Convergence);
        await ShowsAsync(bob, _ada, PresenceStatus.Dnd, Times.Delivery);
        await bob.StopAsync();
        await reading;
    }

    private static async Task<DotnetClient> StartAsync(GatewayProcess gateway, string user, string watched)
    {
        var client = new DotnetClient(new() { Url = new($"ws://127.0.0.1:{gateway.Port}/ws"), UserId = user, TokenProvider = _ => new("any") });
        await client.StartAsync();
        await client.WatchAsync([watched]);
        return client;
    }

    private static Task ShowsAsync(DotnetClient client, string user, PresenceStatus status, TimeSpan within) => Until.TrueAsync(
        () => client.Find(user) is { IsStale: false } presence && presence.Status == status,
        within,
        () => $"{user} is not shown as {status} but as {client.Find(user)}.");

    /// <summary>A choice at the worst moment of a silo's death is made again, as its error says.</summary>
    private static Task SetAsync(DotnetClient client, PresenceStatus status) => Until.TrueAsync(
        async () =>
        {
            try
            {
                await client.SetStatusAsync(status);
                return true;
            }
            catch (PresenceException e) when (e.IsRetryable)
            {
                return false;
            }
        },
        Times.ConfirmedOverFailover,
        () => $"{status} is not confirmed.");

    private static async Task ReadAsync(DotnetClient client, ConcurrentQueue<PresenceStatus> seen)
    {
        await foreach (var change in client.ReadAllAsync())
        {
            if (change is PresenceChanged { Presence.IsStale: false } shown)
            {
                seen.Enqueue(shown.Presence.Status);
            }
        }
    }
}
