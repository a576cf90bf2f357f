namespace Presence.Grains.Tests;

/// <summary>One room of a test, and the users who come and go as a gateway lets them.</summary>
internal sealed class RoomFixture(ClusterFixture cluster)
{
    private readonly string _test = Guid.NewGuid().ToString("N");

    public string Id => $"room {_test}";

    /// <summary>The gateway of all members.</summary>
    public string Life => $"life {_test}";

    /// <summary>A gateway without members.</summary>
    public string Watcher => $"watcher {_test}";

    public IRoomGrain Grain => cluster.Cluster.Client.GetGrain<IRoomGrain>(Id);

    public string UserId(string name) => $"{name} {_test}";

    public string NameOf(string userId) => userId[..^(_test.Length + 1)];

    public string ConnectionId(string name, string device = "device") => $"{name} on {device} {_test}";

    public async Task<RoomReceipt> JoinAsync(
        string name, PresenceStatus status = PresenceStatus.Online, bool isListed = false, string device = "device")
    {
        await ConnectAsync(name, device, ConnectionId(name, device));
        if (status != PresenceStatus.Online)
        {
            await SetStatusAsync(name, status);
        }

        return await Grain.JoinAsync(await EnterAsync(name, isListed, device), Life);
    }

    public async Task<RoomJoin> EnterAsync(string name, bool isListed = false, string device = "device")
    {
        var view = await cluster.User(UserId(name)).EnterRoomAsync(ConnectionId(name, device), Id);
        return new(UserId(name), device, Life, null, isListed, view!);
    }

    public ValueTask<ConnectResult> ConnectAsync(string name, string device, string connectionId) =>
        cluster.User(UserId(name)).ConnectAsync(new(connectionId, Life, new(device, DeviceType.Web, null)));

    public ValueTask DisconnectAsync(string name, string device = "device") =>
        cluster.User(UserId(name)).DisconnectAsync(ConnectionId(name, device), DateTimeOffset.UtcNow);

    public ValueTask<SetStatusResult> SetStatusAsync(string name, PresenceStatus status) =>
        cluster.User(UserId(name)).SetStatusAsync(new(ConnectionId(name), status, ForUser: false, ExpiresAt: null));

    public ValueTask LeaveAsync(string name) => Grain.LeaveAsync(UserId(name), "device");

    /// <summary>Waits until what a sink has heard of the room fulfils the condition.</summary>
    public async Task<List<RoomChanged>> UpdatesAsync(string sink, Func<List<RoomChanged>, bool> isIt)
    {
        var updates = new List<RoomChanged>();
        await Poll.UntilAsync(() =>
        {
            updates = [.. cluster.Transport.Events<RoomChanged>(sink)];
            return updates.Count > 0 && isIt(updates);
        });
        return updates;
    }

    /// <summary>The gateway of all members lives until this is disposed.</summary>
    public async Task<LivingGateway> LiveAsync()
    {
        var gateway = new LivingGateway(cluster.Gateway(Life));
        await gateway.BeginAsync();
        return gateway;
    }

    public Task StoredAsync() => Poll.UntilAsync(() => cluster.Storage.Has(Grain));
}
