using System.Collections.Concurrent;
using Orleans.Serialization;
using Orleans.Storage;

namespace Presence.Grains.Tests;

/// <summary>A storage in memory, through the real binary serializer, whose writes a test can hold or fail.</summary>
public sealed class TestStorage(Serializer serializer) : IGrainStorage
{
    private readonly OrleansGrainStorageSerializer _serializer = new(serializer);
    private readonly ConcurrentDictionary<(string StateName, GrainId GrainId), BinaryData> _stored = new();

    /// <summary>Called before a write of this grain's key; throws to fail it.</summary>
    public ConcurrentDictionary<string, Func<Task>> BeforeWrite { get; } = new();

    public bool Has(IAddressable grain) => _stored.Keys.Any(key => key.GrainId == grain.GetGrainId());

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (_stored.TryGetValue((stateName, grainId), out var stored))
        {
            grainState.State = _serializer.Deserialize<T>(stored);
            grainState.RecordExists = true;
        }

        return Task.CompletedTask;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var written = _serializer.Serialize(grainState.State);
        if (BeforeWrite.TryGetValue(grainId.Key.ToString()!, out var before))
        {
            await before();
        }

        _stored[(stateName, grainId)] = written;
        grainState.RecordExists = true;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        _stored.TryRemove((stateName, grainId), out _);
        grainState.RecordExists = false;
        return Task.CompletedTask;
    }
}
