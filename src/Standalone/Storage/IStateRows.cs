namespace Presence.Standalone.Storage;

/// <summary>Where the states of grains are kept, as bytes. An etag changes with every write; null stands for a row that is not there.</summary>
internal interface IStateRows
{
    /// <returns>Null when there is no such row.</returns>
    StateRow? Read(StateKey key);

    /// <summary>Writes, and then finishes the write, at once or later on any thread.</summary>
    void Write(StateWrite write);

    /// <returns>False, and nothing changed, when the row's etag is not <paramref name="expected"/>.</returns>
    Task<bool> RemoveAsync(StateKey key, long? expected);
}

/// <summary>One state of one grain.</summary>
internal readonly record struct StateKey(string StateName, GrainId GrainId);

/// <summary>What is kept of it.</summary>
internal sealed record StateRow(ReadOnlyMemory<byte> Data, long ETag);

/// <summary>One write of one row, and who waits for it: every status change is one, so it is a single object.</summary>
internal abstract class StateWrite(StateKey key, StateRow row, long? expected)
    : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public StateKey Key { get; } = key;

    public StateRow Row { get; } = row;

    /// <summary>The etag of the row that is to be replaced.</summary>
    public long? Expected { get; } = expected;

    /// <param name="isWritten">False, and nothing changed, when the row's etag was not <see cref="Expected"/>.</param>
    public abstract void Finish(bool isWritten);
}
