namespace Presence.Standalone.Storage;

/// <summary>Where the states of grains are kept, as bytes. An etag changes with every write; null stands for a row that is not there.</summary>
internal interface IStateRows
{
    /// <returns>Null when there is no such row.</returns>
    StateRow? Read(StateKey key);

    /// <returns>False, and nothing changed, when the row's etag is not <paramref name="expected"/>.</returns>
    Task<bool> WriteAsync(StateKey key, StateRow row, long? expected);

    /// <inheritdoc cref="WriteAsync"/>
    Task<bool> RemoveAsync(StateKey key, long? expected);
}

/// <summary>One state of one grain.</summary>
internal readonly record struct StateKey(string StateName, GrainId GrainId);

/// <summary>What is kept of it.</summary>
internal sealed record StateRow(ReadOnlyMemory<byte> Data, long ETag);
