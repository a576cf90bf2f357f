using System.Collections.Concurrent;
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
using Presence.Grains.Sinks;
using Xunit;

namespace Presence.Gateway.Tests.Sessions;

/// <summary>A lease that was lost: the sockets are the truth, so whoever is here is announced again until the owners have heard.</summary>
public sealed class RecoveryTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Without a payload, under a mask of zeros.</summary>
    private static readonly byte[] Pong = [0x8A, 0x80, 0, 0, 0, 0];

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly FakeTimeProvider _clock = new();
    private readonly SinkIdentity _identity = new();
    private readonly ConnectionRegistry _connections = new();
    private readonly TimingWheel _wheel;
    private readonly FakeOwners _owners;
    private readonly Users _users;
    private readonly ConnectionSetup _setup;
    private readonly SignIn _signIn;
    private readonly SinkFeed _feed;
    private readonly SinkSession _life;
    private readonly ConcurrentBag<Pipe> _clients = [];

    public RecoveryTests()
    {
        (var grains, _owners) = FakeOwners.Make();
        var (options, presence) = (new GatewayOptions(), new PresenceOptions());
        _wheel = new(_clock, NullLogger<TimingWheel>.Instance);
        var metrics = new GatewayMetrics(_services.GetRequiredService<IMeterFactory>(), _connections);
        var owners = new Owners(userId => grains.GetGrain<IUserPresenceGrain>(userId));
        _users = new(owners, _identity, _wheel, options, presence, metrics, NullLogger<Users>.Instance);
        _setup = new(options, _clock, _wheel, new(metrics), metrics, null!);
        var departures = new Departures(owners, _wheel, presence, new(), NullLogger<Departures>.Instance);
        var auth = new AuthOptions();
        _signIn = new(owners, _identity, _users, departures, null!, new(auth, _clock), _wheel, _clock, options, auth);
        var state = new GatewayState();
        var members = new RoomMembers(owners, _identity, state, _clock, NullLogger<RoomMembers>.Instance);
        var rooms = new RoomReplicas(grains, _identity, state, members, _wheel, options, metrics, _clock, NullLogger<RoomReplicas>.Instance);
        var lobby = new LobbyReplica(grains, _identity, state, _users, _wheel, NullLogger<LobbyReplica>.Instance);
        var recovery = new Recovery(
            _users, rooms, lobby, _connections, _signIn, new(_connections, _clock), _wheel, _clock, NullLogger<Recovery>.Instance);
        _feed = new(grains, _identity, recovery, _clock, NullLogger<SinkFeed>.Instance);
        _life = new(grains, _identity, _feed, new Subscription(), recovery, presence, _clock, NullLogger<SinkSession>.Instance);
    }

    public Task InitializeAsync() => _life.StartAsync(default);

    public Task DisposeAsync() => _life.StopAsync(default);

    public void Dispose()
    {
        _life.Dispose();
        _feed.Dispose();
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
        await RenewUntilAsync(() => beats >= 4 && !_owners.Of("alice").Connects.IsEmpty && !_owners.Of("bob").Connects.IsEmpty);

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

    [Fact]
    public async Task Renew_AClientIsSilentSinceTheLeaseWasLost_IsNotAnnounced()
    {
        var old = _identity.Life;
        Connect("alice");
        Open("bob", isThere: false);
        var beats = 0;
        _owners.Beat = life => life != old && ++beats > 0;

        await RenewUntilAsync(() => beats >= 4 && !_owners.Of("alice").Connects.IsEmpty);

        Assert.Empty(_owners.Of("bob").Connects);
    }

    private Connection Open(string user, bool isThere = true)
    {
        var client = new Pipe();
        if (isThere)
        {
            _clients.Add(client);
        }

        return new("connection of " + user, _setup, client.Reader, new FakeWire(), () => { });
    }

    private void Connect(string user)
    {
        var connection = Open(user);
        var self = _users.Subscribe(user, connection.Output, isOwn: true);
        connection.Session = new(connection, new(user, null, null, null), new("tab", DeviceType.Web, null), self);
        _connections.Add(connection);
        _ = connection.RunAsync();
    }

    /// <summary>Lets renewals come due, one after another, until what is awaited has happened.</summary>
    private async Task RenewUntilAsync(Func<bool> hasHappened)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!hasHappened())
        {
            patience.Token.ThrowIfCancellationRequested();
            _clock.Advance(Renewal / 10);
            foreach (var client in _clients)
            {
                await client.Writer.WriteAsync(Pong);
            }

            await Task.Yield();
        }
    }

    private sealed class Subscription : ISinkSubscription
    {
        public bool SilosGoOn => false;

        public Task<IPresenceSinkObserver?> SubscribeAsync(string life, IPresenceSink sink) => Task.FromResult<IPresenceSinkObserver?>(null);

        public Task UnsubscribeAsync() => Task.CompletedTask;
    }
}
