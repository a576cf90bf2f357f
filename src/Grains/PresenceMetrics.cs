using System.Diagnostics.Metrics;

namespace Presence.Grains;

/// <summary>What the grains count.</summary>
internal sealed class PresenceMetrics
{
    public const string MeterName = "Presence.Grains";

    private readonly Counter<long> _changes;
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _storageFailures;
    private readonly Counter<long> _batches;
    private readonly Counter<long> _events;
    private readonly Counter<long> _lostBatches;
    private readonly Counter<long> _droppedEvents;
    private readonly Counter<long> _endedGateways;
    private readonly Counter<long> _roomUpdates;
    private readonly UpDownCounter<long> _rooms;

    public PresenceMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _changes = meter.CreateCounter<long>("presence.changes", "{change}", "Changes that others can see.");
        _refusals = meter.CreateCounter<long>("presence.refusals", "{call}", "Calls that were refused, by reason.");
        _storageFailures = meter.CreateCounter<long>("presence.storage.failures", "{write}", "State writes that failed.");
        _batches = meter.CreateCounter<long>("presence.outbox.batches", "{batch}", "Batches given to the transport.");
        _events = meter.CreateCounter<long>("presence.outbox.events", "{event}", "Events given to the transport.");
        _lostBatches = meter.CreateCounter<long>("presence.outbox.lost", "{batch}", "Batches that the transport failed to deliver.");
        _droppedEvents = meter.CreateCounter<long>("presence.outbox.dropped", "{event}", "Events dropped because a sink was too slow.");
        _endedGateways = meter.CreateCounter<long>("presence.gateways.ended", "{gateway}", "Lives of gateways that ended.");
        _roomUpdates = meter.CreateCounter<long>("presence.room.updates", "{update}", "Versions of rooms that were published.");
        _rooms = meter.CreateUpDownCounter<long>("presence.rooms", "{room}", "Rooms in memory.");
    }

    public void Changed() => _changes.Add(1);

    public void Refused(Refusal reason) => _refusals.Add(1, new KeyValuePair<string, object?>("reason", reason.ToString()));

    public void StorageFailed() => _storageFailures.Add(1);

    public void BatchSent(int events)
    {
        _batches.Add(1);
        _events.Add(events);
    }

    public void BatchLost() => _lostBatches.Add(1);

    public void EventsDropped(int events) => _droppedEvents.Add(events);

    public void GatewayEnded() => _endedGateways.Add(1);

    public void RoomUpdated() => _roomUpdates.Add(1);

    /// <param name="change">1 or -1.</param>
    public void RoomActivated(int change) => _rooms.Add(change);
}
