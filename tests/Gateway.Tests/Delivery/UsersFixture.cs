using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Presence.Gateway.Connections;
using Presence.Gateway.Delivery;
using Presence.Gateway.Protocol;
using Presence.Gateway.Sessions;
using Presence.Gateway.Tests.Connections;
using Presence.Grains;
using Presence.Grains.Settings;

namespace Presence.Gateway.Tests.Delivery;

/// <summary>The users of one gateway, with owners, clients and a clock that the test moves.</summary>
internal sealed class UsersFixture : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly TimingWheel _wheel;

    public UsersFixture(int windowMs = 250, int lingerMs = 60_000)
    {
        (var factory, Owners) = FakeOwners.Make();
        _wheel = new(Clock, NullLogger<TimingWheel>.Instance);
        var connections = new ConnectionRegistry();
        var options = new GatewayOptions
        {
            WatchLinger = TimeSpan.FromMilliseconds(lingerMs),
        };
        var presence = new PresenceOptions { UpdateWindow = TimeSpan.FromMilliseconds(windowMs) };
        var metrics = new GatewayMetrics(_services.GetRequiredService<IMeterFactory>(), connections);
        Recent = new(_wheel, Clock);
        Users = new(
            new Owners(userId => factory.GetGrain<IUserPresenceGrain>(userId)), new(), _wheel, options, presence, metrics, Recent, NullLogger<Users>.Instance);
    }

    public FakeTimeProvider Clock { get; } = new();

    public FakeOwners Owners { get; }

    public Users Users { get; }

    public RecentChanges Recent { get; }

    public static UserPresence Shows(long version, PresenceStatus status = PresenceStatus.Online) => new("alice", status, Noon, version);

    public static OwnPresence Own(long version) => new("alice", PresenceStatus.Online, Noon, version, Noon, []);

    public void Advance(int ms)
    {
        for (var done = 0; done < ms; done += 25)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(Math.Min(25, ms - done)));
        }
    }

    /// <summary>A client that subscribes to Alice and has its snapshot.</summary>
    public Reader Subscribe(long version = 0, bool isOwn = false, string viewer = "")
    {
        var wire = new FakeWire();
        var owner = new FakeOwner();
        owner.Queue = new(wire, new(Users.Metrics), 10_000_000, owner);
        var subscription = Users.Subscribe("alice", owner.Queue, isOwn, viewer);
        subscription.Version = version;
        return new(wire, owner.Queue, subscription);
    }

    public void Dispose()
    {
        _wheel.Dispose();
        _services.Dispose();
    }

    /// <summary>A client and what it was sent.</summary>
    internal sealed record Reader(FakeWire Wire, SendQueue Queue, Subscription Subscription)
    {
        private int _fences;

        /// <summary>The versions of all updates so far.</summary>
        public async Task<List<long>> VersionsAsync() =>
            [.. (await PresencesAsync()).Select(presence => presence.GetProperty("version").GetInt64())];

        /// <summary>What all updates so far showed.</summary>
        public async Task<List<JsonElement>> PresencesAsync()
        {
            var fence = $"fence {++_fences}";
            Queue.Send(Frame.Text(Encoding.UTF8.GetBytes(fence)));
            for (var count = 1; ; count++)
            {
                var frames = await Wire.FramesAsync(count);
                if (frames[^1].Text == fence)
                {
                    return [.. frames.Where(frame => frame.Text[0] == '{').Select(Presence)];
                }

                count = frames.Count;
            }
        }

        private static JsonElement Presence(SentFrame frame) => JsonDocument.Parse(frame.Text).RootElement.GetProperty("presence");
    }
}
