using System.Globalization;
using Orleans.Storage;
using Presence.Grains.Rules.Rooms;

namespace Presence.Grains;

/// <summary>What is stored of one room: its head, and beside it the partitions of its members, each a state of its own.</summary>
internal sealed class RoomStore(IGrainStorage storage, GrainId grainId)
{
    private readonly GrainState<RoomHead?> _head = new();
    private readonly Dictionary<int, GrainState<RoomPartition?>> _partitions = [];

    /// <returns>Null when nothing is stored.</returns>
    public async Task<(RoomHead Head, RoomPartition[] Partitions)?> ReadAsync()
    {
        await storage.ReadStateAsync(Name(RoomWrite.OfHead), grainId, _head);
        if (!_head.RecordExists || _head.State is not { } head)
        {
            return null;
        }

        var stored = await Task.WhenAll(Enumerable.Range(0, head.Partitions).Select(ReadAsync));
        return (head, [.. stored.OfType<RoomPartition>()]);
    }

    public Task WriteAsync(RoomWrite write) => write.Partition == RoomWrite.OfHead
        ? PutAsync(write.Partition, _head, write.Head)
        : PutAsync(write.Partition, Of(write.Partition), write.Members);

    private static string Name(int partition) =>
        partition == RoomWrite.OfHead ? "room-head" : string.Create(CultureInfo.InvariantCulture, $"room-{partition}");

    private GrainState<RoomPartition?> Of(int partition) =>
        _partitions.TryGetValue(partition, out var record) ? record : _partitions[partition] = new();

    private async Task<RoomPartition?> ReadAsync(int partition)
    {
        var record = Of(partition);
        await storage.ReadStateAsync(Name(partition), grainId, record);
        var stored = record.RecordExists ? record.State : null;
        record.State = null;
        return stored;
    }

    private async Task PutAsync<T>(int partition, GrainState<T?> record, T? state)
        where T : class
    {
        if (state is not null)
        {
            record.State = state;
            await WriteAsync(partition, record);
        }
        else if (record.RecordExists)
        {
            await storage.ClearStateAsync(Name(partition), grainId, record);
        }

        // The members are in memory already.
        record.State = null;
    }

    private async Task WriteAsync<T>(int partition, GrainState<T?> record)
        where T : class
    {
        try
        {
            await storage.WriteStateAsync(Name(partition), grainId, record);
        }
        catch (InconsistentStateException) when (record.ETag is null && partition != RoomWrite.OfHead)
        {
            // Left over from a head that the store has lost: this activation never read it, since nothing named it.
            var state = record.State;
            await storage.ReadStateAsync(Name(partition), grainId, record);
            record.State = state;
            await storage.WriteStateAsync(Name(partition), grainId, record);
        }
    }
}
