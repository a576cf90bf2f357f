using System.Collections.Concurrent;
using Orleans.Serialization;
using Orleans.Storage;

namespace Presence.Grains.Tests;

/// <summary>What is stored of one grain, and the tag of the write that stored it.</summary>
public sealed record StoredState(BinaryData Data, string ETag);

/// <summary>A storage in memory with tags, through the real binary serializer, whose writes a test can hold, fail or lose.</summary>
public sealed class TestStorage(Serializer serializer) : IGrainStorage
{
    private readonly OrleansGrainStorageSerializer _serializer = new(serializer);
    private readonly ConcurrentDictionary<(string StateName, GrainId GrainId), StoredState> _stored = new();

    /// <summary>Called before a write of this grain's key; throws to fail it.</summary>
    public ConcurrentDictionary<string, Func<Task>> BeforeWrite { get; } = new();

    /// <summary>Every read and write fails.</summary>
    public bool IsOut { get; set; }

    public bool Has(IAddressable grain) => _stored.Keys.Any(key => key.GrainId == grain.GetGrainId());

    /// <summary>How many states of a grain are stored.</summary>
    public int Count(IAddressable grain) => _stored.Keys.Count(key => key.GrainId == grain.GetGrainId());

    /// <summary>What is stored now; null for nothing.</summary>
    public StoredState? Copy(IAddressable grain) => _stored.GetValueOrDefault(Key(grain));

    public T? Read<T>(IAddressable grain)
        where T : class => Copy(grain) is { } stored ? _serializer.Deserialize<T>(stored.Data) : null;

    /// <summary>One of a grain's states; null for nothing.</summary>
    public T? Read<T>(IAddressable grain, string stateName)
        where T : class => _stored.GetValueOrDefault((stateName, grain.GetGrainId())) is { } stored ? _serializer.Deserialize<T>(stored.Data) : null;

    /// <summary>One of a grain's states is lost.</summary>
    public void Lose(IAddressable grain, string stateName) => _stored.TryRemove((stateName, grain.GetGrainId()), out _);

    /// <summary>All writes since the copy are lost.</summary>
    public void Lose(IAddressable grain, StoredState? copy)
    {
        _stored.TryRemove(Key(grain), out _);
        if (copy is not null)
        {
            _stored[Key(grain)] = copy;
        }
    }

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Answer();
        var stored = _stored.GetValueOrDefault((stateName, grainId));
        (grainState.RecordExists, grainState.ETag) = (stored is not null, stored?.ETag);
        if (stored is not null)
        {
            grainState.State = _serializer.Deserialize<T>(stored.Data);
        }

        return Task.CompletedTask;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var (written, expected) = (new StoredState(_serializer.Serialize(grainState.State), $"{Guid.NewGuid():N}"), grainState.ETag);
        if (BeforeWrite.TryGetValue(grainId.Key.ToString()!, out var before))
        {
            await before();
        }

        Answer();
        var isStored = expected is null
            ? _stored.TryAdd((stateName, grainId), written)
            : _stored.TryGetValue((stateName, grainId), out var stored) && stored.ETag == expected && _stored.TryUpdate((stateName, grainId), written, stored);
        if (!isStored)
        {
            throw new InconsistentStateException("Written by somebody else.", _stored.GetValueOrDefault((stateName, grainId))?.ETag, expected);
        }

        (grainState.RecordExists, grainState.ETag) = (true, written.ETag);
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Answer();
        _stored.TryRemove((stateName, grainId), out _);
        (grainState.RecordExists, grainState.ETag) = (false, null);
        return Task.CompletedTask;
    }

    // A user's lists are a state of their own, which no test loses.
    private (string StateName, GrainId GrainId) Key(IAddressable grain) =>
        (_stored.Keys.FirstOrDefault(key => key.GrainId == grain.GetGrainId() && key.StateName != "user-lists").StateName ?? "user", grain.GetGrainId());

    private void Answer()
    {
        if (IsOut)
        {
            throw new IOException("The store does not answer.");
        }
    }
}
