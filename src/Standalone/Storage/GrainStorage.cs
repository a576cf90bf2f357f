using System.Globalization;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace Presence.Standalone.Storage;

/// <summary>Orleans' storage of grain state on <see cref="IStateRows"/>, in Orleans' binary form.</summary>
internal sealed class GrainStorage(IStateRows rows, Serializer serializer, IActivatorProvider activators) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var row = rows.Read(new(stateName, grainId));
        grainState.RecordExists = row is not null;
        grainState.ETag = row is null ? null : Text(row.ETag);
        grainState.State = row is null ? Fresh<T>() : serializer.Deserialize<T>(row.Data);
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        // Random, so that a row that was cleared and written anew is never taken for the earlier one.
        var row = new StateRow(serializer.SerializeToArray(grainState.State), Random.Shared.NextInt64());
        var write = new GrainWrite<T>(this, new(stateName, grainId), row, grainState);
        rows.Write(write);
        return write.Task;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (!await rows.RemoveAsync(new(stateName, grainId), Number(grainState.ETag)))
        {
            throw Conflict(stateName, grainId, grainState.ETag);
        }

        grainState.ETag = null;
        grainState.RecordExists = false;
        grainState.State = Fresh<T>();
    }

    private T Fresh<T>() => activators.GetActivator<T>().Create();

    private InconsistentStateException Conflict(string stateName, GrainId grainId, string? etag)
    {
        var stored = rows.Read(new(stateName, grainId));
        return new(
            $"State {stateName} of {grainId} was written by somebody else.", stored is null ? "none" : Text(stored.ETag), etag ?? "none");
    }

    private static string Text(long etag) => etag.ToString(CultureInfo.InvariantCulture);

    private static long? Number(string? etag) => etag is null ? null : long.Parse(etag, CultureInfo.InvariantCulture);

    private sealed class GrainWrite<T>(GrainStorage storage, StateKey key, StateRow row, IGrainState<T> state)
        : StateWrite(key, row, Number(state.ETag))
    {
        public override void Finish(bool isWritten)
        {
            try
            {
                if (!isWritten)
                {
                    throw storage.Conflict(Key.StateName, Key.GrainId, state.ETag);
                }

                state.ETag = Text(Row.ETag);
                state.RecordExists = true;
                TrySetResult();
            }
            catch (Exception e)
            {
                TrySetException(e);
            }
        }
    }
}
