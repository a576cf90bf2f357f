using System.Diagnostics.Metrics;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Presence.Gateway.Connections;
using Presence.Gateway.Delivery;
using Presence.Gateway.Protocol;
using Presence.Gateway.Rooms;
using Presence.Gateway.Sessions;
using Presence.Gateway.Tests.Connections;
using Presence.Gateway.Tests.Delivery;
using Presence.Grains;
using Presence.Grains.Settings;
using Presence.Grains.Sinks;
using Xunit;

namespace Presence.Gateway.Tests.Rooms;

/// <summary>One gateway, one room, and clients who speak of it.</summary>
internal sealed class RoomFixture : IDisposable
{
    public static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly TimingWheel _wheel;
    private readonly ConnectionSetup _setup;
    private readonly Users _users;
    private readonly Owners _owners;
    private readonly RoomMessages _messages;

    public RoomFixture()
    {
        var (grains, owners) = FakeOwners.Make();
        owners.Room = _ => Room;
        var (options, presence, identity, state) = (new GatewayOptions(), new PresenceOptions(), new SinkIdentity(), new GatewayState());
        var connections = new ConnectionRegistry();
        var metrics = new GatewayMetrics(_services.GetRequiredService<IMeterFactory>(), connections);
        _wheel = new(Clock, NullLogger<TimingWheel>.Instance);
        _owners = new(userId => grains.GetGrain<IUserPresenceGrain>(userId));
        _users = new(_owners, identity, _wheel, options, presence, metrics, new(_wheel, Clock), NullLogger<Users>.Instance);
        _setup = new(options, Clock, _wheel, new(metrics), metrics, null!, NullLogger<Connection>.Instance);
        var members = new RoomMembers(_owners, identity, state, Clock, NullLogger<RoomMembers>.Instance);
        Replicas = new(grains, identity, state, members, _wheel, options, metrics, Clock, NullLogger<RoomReplicas>.Instance);
        _messages = new(Replicas, members, null!, Clock, options, presence);
    }

    public FakeTimeProvider Clock { get; } = new();

    public FakeRoom Room { get; } = new();

    public RoomReplicas Replicas { get; }

    public static RoomMember Member(string userId) => new(userId, PresenceStatus.Online, null, Noon);

    public static RoomChanged Change(long version, params string[] joined) =>
        new("room", version, joined.Length + 1, RoomTier.Full, [.. joined.Select(Member)], [], [], null);

    public Guest SignIn(string userId)
    {
        var wire = new FakeWire();
        var connection = new Connection("connection of " + userId, _setup, new Pipe().Reader, wire, () => { });
        var self = _users.Subscribe(userId, connection.Output, isOwn: true);
        var session = new Session(connection, new(userId, null, null, null), new("tab", DeviceType.Web, null), self, _owners.Of(userId));
        return new(this, session, wire);
    }

    public void Advance(TimeSpan time)
    {
        for (var done = TimeSpan.Zero; done < time; done += TimingWheel.Tick)
        {
            Clock.Advance(TimingWheel.Tick);
        }
    }

    public void Dispose()
    {
        _wheel.Dispose();
        _services.Dispose();
    }

    /// <summary>A client and what it was sent.</summary>
    internal sealed record Guest(RoomFixture Fixture, Session Session, FakeWire Wire)
    {
        public async Task SayAsync(string type)
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(new { type, roomId = "room" });
            using var message = ClientMessage.Read(json, 16, out _);
            Assert.Null(await Fixture._messages.Handle(Session, message.Type, message.Fields, message.Id)!);
        }

        public async Task<List<JsonElement>> ReceivedAsync(int count) =>
            [.. (await Wire.FramesAsync(count)).Select(frame => JsonDocument.Parse(frame.Text).RootElement)];

        public async Task<List<string>> StoryAsync(int count) =>
            [.. (await ReceivedAsync(count)).Select(m => $"{m.GetProperty("type").GetString()} {m.GetProperty("version").GetInt64()}")];
    }
}
