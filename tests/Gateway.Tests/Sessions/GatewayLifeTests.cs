using System.Diagnostics.Metrics;
using System.IO.Pipelines;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Presence.Gateway.Authentication;
using Presence.Gateway.Connections;
using Presence.Gateway.Delivery;
using Presence.Gateway.Lobbies;
using Presence.Gateway.Rooms;
using Presence.Gateway.Sessions;
using Presence.Gateway.Tests.Connections;
using Presence.Gateway.Tests.Delivery;
using Presence.Grains;
using Presence.Grains.Settings;
using Xunit;

namespace Presence.Gateway.Tests.Sessions;

/// <summary>A lease that was lost: the sockets are the truth, so whoever is here is announced again until the owners have heard.</summary>
public sealed class GatewayLifeTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly FakeTimeProvider _clock = new();
    private readonly GatewayIdentity _identity = new();
    private readonly ConnectionRegistry _connections = new();
    private readonly TimingWheel _wheel;
    private readonly FakeOwners _owners;
    private readonly Users _users;
    private readonly ConnectionSetup _setup;
    private readonly SignIn _signIn;
    private readonly GatewayLife _life;

    public GatewayLifeTests()
    {
        (var grains, _owners) = FakeOwners.Make();
        var (options, presence) = (new GatewayOptions(), new PresenceOptions());
        _wheel = new(_clock, NullLogger<TimingWheel>.Instance);
        var metrics = new GatewayMetrics(_services.GetRequiredService<IMeterFactory>(), _connections);
        var owners = new Owners(userId => grains.GetGrain<IUserPresenceGrain>(userId));
        _users = new(owners, _identity, _connections, _wheel, options, presence, metrics, NullLogger<Users>.Instance);
        _setup = new(options, _clock, _wheel, new(metrics), metrics, null!);
        var departures = new Departures(owners, _wheel, presence, new(), NullLogger<Departures>.Instance);
        var auth = new AuthOptions();
        _signIn = new(owners, _identity, _users, departures, null!, new(auth, _clock), _wheel, _clock, options, auth);
        var state = new GatewayState();
        var members = new RoomMembers(owners, _identity, state, _clock, NullLogger<RoomMembers>.Instance);
        var rooms = new RoomReplicas(grains, _identity, state, members, _wheel, options, metrics, NullLogger<RoomReplicas>.Instance);
        var lobby = new LobbyReplica(grains, _identity, state, _users, _wheel, NullLogger<LobbyReplica>.Instance);
        _life = new(grains, _identity, state, _connections, _signIn, _users, rooms, lobby, presence, _clock, NullLogger<GatewayLife>.Instance);
    }

    public Task InitializeAsync() => _life.StartAsync(default);

    public Task DisposeAsync() => _life.StopAsync(default);

    public void Dispose()
    {
        _life.Dispose();
        _wheel.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task Renew_TheLeaseHolds_NobodyIsAnnouncedAgain()
    {
        Connect("alice");
        var beats = 0;
        _owners.Beat = _ => ++beats > 0;

        await RenewUntilAsync(() => beats >= 3);

        Assert.Empty(_owners.Of("alice").Connects);
    }

    [Fact]
    public async Task Renew_TheLeaseIsLost_EverybodyIsAnnouncedOnceUnderTheNewLife()
    {
        var old = _identity.Life;
        foreach (var user in new[] { "alice", "bob" })
        {
            Connect(user);
        }

        var beats = 0;
        _owners.Beat = life => life != old && ++beats > 0;
        await RenewUntilAsync(() => beats >= 4);

        foreach (var user in new[] { "alice", "bob" })
        {
            var request = Assert.Single(_owners.Of(user).Connects);
            Assert.Equal(_identity.Life, request.Life);
            Assert.Equal("connection of " + user, request.ConnectionId);
        }

        Assert.NotEqual(old, _identity.Life);
    }

    [Fact]
    public async Task Renew_TheFirstBeatOfTheNewLifeFails_EverybodyIsAnnouncedAfterTheNext()
    {
        var old = _identity.Life;
        Connect("alice");
        var failures = 2;
        _owners.Beat = life => life != old && (failures-- <= 0 ? true : throw new TimeoutException());

        await RenewUntilAsync(() => !_owners.Of("alice").Connects.IsEmpty);

        Assert.Equal(_identity.Life, _owners.Of("alice").Connects.First().Life);
    }

    [Fact]
    public async Task Renew_AnOwnerDoesNotHear_IsToldAgain()
    {
        var old = _identity.Life;
        Connect("alice");
        _owners.Of("alice").FailingConnects = 2;
        _owners.Beat = life => life != old;

        await RenewUntilAsync(() => _owners.Of("alice").Connects.Count >= 3);

        Assert.All(_owners.Of("alice").Connects, request => Assert.Equal(_identity.Life, request.Life));
    }

    [Fact]
    public async Task Enter_TheLeaseIsLostMeanwhile_TheDeviceIsAnnouncedUnderTheNewLife()
    {
        var old = _identity.Life;
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _owners.Of("alice").ConnectGate = gate.Task;
        var connection = Open("alice");
        var entering = _signIn.EnterAsync(connection, new("alice", null, null, null), new("tab", DeviceType.Web, null), false, default).AsTask();

        var beats = 0;
        _owners.Beat = life => life != old && ++beats > 0;
        await RenewUntilAsync(() => beats >= 2);
        gate.SetResult();
        Assert.Null(await entering.WaitAsync(Patience));

        Assert.Equal([old, _identity.Life], _owners.Of("alice").Connects.Select(request => request.Life));
    }

    private Connection Open(string user) => new("connection of " + user, _setup, new Pipe().Reader, new FakeWire(), () => { });

    private void Connect(string user)
    {
        var connection = Open(user);
        var self = _users.Subscribe(user, connection.Output, isOwn: true);
        connection.Session = new(connection, new(user, null, null, null), new("tab", DeviceType.Web, null), self);
        _connections.Add(connection);
    }

    /// <summary>Lets renewals come due, one after another, until what is awaited has happened.</summary>
    private async Task RenewUntilAsync(Func<bool> hasHappened)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!hasHappened())
        {
            patience.Token.ThrowIfCancellationRequested();
            _clock.Advance(Renewal);
            await Task.Yield();
        }
    }
}
