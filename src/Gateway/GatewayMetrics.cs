using System.Diagnostics.Metrics;
using System.Globalization;
using Presence.Gateway.Connections;

namespace Presence.Gateway;

/// <summary>What a gateway counts. Every name has a row in docs/metrics.md. Tags are closed sets: never a user, a room or a connection.</summary>
internal sealed class GatewayMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Presence.Gateway";

    private readonly Counter<long> _messages;
    private readonly Counter<long> _rejections;
    private readonly Counter<long> _closes;
    private readonly Counter<long> _drops;
    private readonly Counter<long> _updates;
    private readonly Counter<long> _refusedUpgrades;
    private readonly Counter<long> _bytes;
    private readonly UpDownCounter<long> _subscriptions;
    private readonly UpDownCounter<long> _users;
    private readonly UpDownCounter<long> _rooms;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _delivery;

    public GatewayMetrics(IMeterFactory meterFactory, ConnectionRegistry connections)
    {
        var meter = meterFactory.Create(MeterName);
        meter.CreateObservableUpDownCounter("presence.gateway.connections", () => connections.Count, "{connection}", "Open sockets.");
        _duration = meter.CreateHistogram<double>("presence.gateway.connection.duration", "s", "How long sockets were open.");
        _delivery = meter.CreateHistogram<double>(
            "presence.delivery.duration", "s", "From the first frame that waits for a flush until the flush has written to all sockets.");
        _bytes = meter.CreateCounter<long>("presence.gateway.io", "By", "Bytes of frames, by direction.");
        _users = meter.CreateUpDownCounter<long>("presence.gateway.users", "{user}", "Users that this gateway knows.");
        _rooms = meter.CreateUpDownCounter<long>("presence.gateway.rooms", "{room}", "Rooms that this gateway holds a replica of.");
        _subscriptions = meter.CreateUpDownCounter<long>("presence.gateway.subscriptions", "{subscription}", "Subscriptions of all sockets.");
        _messages = meter.CreateCounter<long>("presence.gateway.messages", "{message}", "Messages from clients.");
        _rejections = meter.CreateCounter<long>("presence.gateway.rejections", "{rejection}", "Messages answered by an error, by code.");
        _refusedUpgrades = meter.CreateCounter<long>("presence.gateway.upgrade.refusals", "{upgrade}", "Upgrades refused, by HTTP status.");
        _closes = meter.CreateCounter<long>("presence.gateway.closes", "{close}", "Sockets closed, by close code.");
        _drops = meter.CreateCounter<long>("presence.gateway.send_queue.drops", "{update}", "Updates a later one replaced for a slow reader.");
        _updates = meter.CreateCounter<long>("presence.delivery.updates", "{update}", "Updates queued for sockets.");
    }

    public void Received(int bytes)
    {
        _messages.Add(1);
        _bytes.Add(bytes, new KeyValuePair<string, object?>("direction", "receive"));
    }

    public void Flushed(long bytes, TimeSpan taken)
    {
        _bytes.Add(bytes, new KeyValuePair<string, object?>("direction", "transmit"));
        _delivery.Record(taken.TotalSeconds);
    }

    public void UserKnown() => _users.Add(1);

    public void UserForgotten() => _users.Add(-1);

    /// <param name="change">1 or -1.</param>
    public void RoomHeld(int change) => _rooms.Add(change);

    /// <param name="change">More or less than before.</param>
    public void Subscribed(int change) => _subscriptions.Add(change);

    public void Rejected(string code) => _rejections.Add(1, new KeyValuePair<string, object?>("code", code));

    public void UpgradeRefused(int status) => _refusedUpgrades.Add(1, new KeyValuePair<string, object?>("status", status));

    public void Closing(int code)
    {
        // Clients may send any code from 3000 on; only ours are told apart.
        var tag = code is < 3000 or >= 4000 and < 4600 ? code.ToString(CultureInfo.InvariantCulture) : "other";
        _closes.Add(1, new KeyValuePair<string, object?>("code", tag));
    }

    public void Ended(TimeSpan open) => _duration.Record(open.TotalSeconds);

    public void UpdateDropped() => _drops.Add(1);

    public void Updated(int sockets) => _updates.Add(sockets);
}
