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

/// <summary>A gateway whose clock and owners a test sets, with devices that are here.</summary>
public abstract class RecoveryFixture : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(5);
    private protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private const int MostYields = 1_000;

    /// <summary>Without a payload, under a mask of zeros.</summary>
    private static readonly byte[] Pong = [0x8A, 0x80, 0, 0, 0, 0];

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly FakeTimeProvider _clock = new();
    private readonly ConnectionRegistry _connections = new();
    private readonly TimingWheel _wheel;
    private readonly Users _users;
    private readonly Owners _owners;
    private readonly ConnectionSetup _setup;
    private readonly SinkFeed _feed;
    private readonly SinkSession _life;
    private readonly OwnPause _pause;
    private readonly ConcurrentBag<Pipe> _clients = [];
    private readonly ConcurrentBag<(Pipe Client, Connection Connection)> _there = [];
    private readonly ConcurrentBag<Task> _running = [];

    private protected RecoveryFixture()
    {
        (var grains, Owners) = FakeOwners.Make();
        var (options, presence) = (new GatewayOptions(), new PresenceOptions());
        _pause = new(_clock);
        _wheel = new(_clock, NullLogger<TimingWheel>.Instance);
        var metrics = new GatewayMetrics(_services.GetRequiredService<IMeterFactory>(), _connections);
        _owners = new(userId => grains.GetGrain<IUserPresenceGrain>(userId));
        _users = new(_owners, Identity, _wheel, options, presence, metrics, new(_wheel, _clock), NullLogger<Users>.Instance);
        var departures = new Departures(_owners, _wheel, presence, new(), NullLogger<Departures>.Instance);
        var auth = new AuthOptions();
        var state = new GatewayState();
        SignIn = new(_owners, Identity, state, _users, departures, null!, new(auth, _clock), _wheel, _clock, options, auth);
        var handler = new MessageHandler(
            options, state, metrics, SignIn, new(SignIn, _clock), null!, null!, null!, null!, null!, NullLogger<MessageHandler>.Instance);
        _setup = new(options, _clock, _wheel, new(metrics), metrics, handler, NullLogger<Connection>.Instance);
        var members = new RoomMembers(_owners, Identity, state, _clock, NullLogger<RoomMembers>.Instance);
        var rooms = new RoomReplicas(grains, Identity, state, members, _wheel, options, metrics, _clock, NullLogger<RoomReplicas>.Instance);
        var lobby = new LobbyReplica(grains, Identity, state, _users, _wheel, NullLogger<LobbyReplica>.Instance);
        Recovery = new(
            _users, rooms, lobby, _connections, SignIn, departures, new(_connections, _clock), _pause, _wheel, _clock, NullLogger<Recovery>.Instance);
        _feed = new(grains, Identity, Recovery, _clock, NullLogger<SinkFeed>.Instance);
        _life = new(grains, Identity, _feed, new Subscription(), Recovery, _pause, presence, _clock, NullLogger<SinkSession>.Instance);
    }

    private protected SinkIdentity Identity { get; } = new();

    private protected FakeOwners Owners { get; }

    private protected SignIn SignIn { get; }

    private protected Recovery Recovery { get; }

    public Task InitializeAsync() => _life.StartAsync(default);

    public async Task DisposeAsync()
    {
        await _life.StopAsync(default);
        await EndAsync();
    }

    /// <summary>All clients are gone, and their connections have ended.</summary>
    private protected async Task EndAsync()
    {
        await Task.WhenAll(_clients.Select(client => client.Writer.CompleteAsync().AsTask()));
        await Task.WhenAll(_running);
    }

    public void Dispose()
    {
        _life.Dispose();
        _feed.Dispose();
        _pause.Dispose();
        _wheel.Dispose();
        _services.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A socket of a user, whose gateway does not read it.</summary>
    private protected Connection Open(string user) => Open(user, new Pipe());

    private Connection Open(string user, Pipe client)
    {
        _clients.Add(client);
        return new("connection of " + user, _setup, client.Reader, new FakeWire(), () => { });
    }

    /// <summary>A user who is signed in; only a client who is there answers a ping.</summary>
    private protected Connection Connect(string user, bool isThere = true) => Connect(user, new Pipe(), isThere);

    private protected Connection Connect(string user, Pipe client, bool isThere)
    {
        var connection = Open(user, client);
        var self = _users.Subscribe(user, connection.Output, isOwn: true);
        self.User.Silo = FakeOwnerGrain.Silo;
        connection.Session = new(connection, new(user, null, null, null), new("tab", DeviceType.Web, null), self, _owners.Of(user));
        _connections.Add(connection);
        _running.Add(connection.RunAsync());
        if (isThere)
        {
            _there.Add((client, connection));
        }

        return connection;
    }

    /// <summary>Nothing here runs for so long.</summary>
    private protected void Pause(TimeSpan time) => _clock.Advance(time);

    private protected void End(Connection connection) => _connections.Remove(connection);

    /// <summary>Lets renewals come due, one after another, until what is awaited has happened.</summary>
    private protected async Task RenewUntilAsync(Func<bool> hasHappened)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!hasHappened())
        {
            patience.Token.ThrowIfCancellationRequested();
            _clock.Advance(Renewal / 10);
            foreach (var (client, connection) in _there)
            {
                await client.Writer.WriteAsync(Pong);
                while (connection.LastReceived < _wheel.NowMs)
                {
                    // However busy the machine is: nobody who answers in time is taken for silent.
                    patience.Token.ThrowIfCancellationRequested();
                    await Task.Yield();
                }
            }

            // The clock does not run away from those who have yet to see what it shows; the tests beside this one have work of their own.
            for (var i = 0; i < MostYields && (i == 0 || ThreadPool.PendingWorkItemCount > 0); i++)
            {
                await Task.Yield();
            }
        }
    }

    private sealed class Subscription : ISinkSubscription
    {
        public bool SilosGoOn => false;

        public Task<IPresenceSinkObserver?> SubscribeAsync(string life, IPresenceSink sink) => Task.FromResult<IPresenceSinkObserver?>(null);

        public Task UnsubscribeAsync() => Task.CompletedTask;
    }
}
