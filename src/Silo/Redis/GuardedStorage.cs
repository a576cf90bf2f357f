using Orleans.Storage;
using Presence.Grains;

namespace Presence.Silo.Redis;

/// <summary>
/// The grain storage in Redis without its own kinds of errors: an activation that fails sends its error to whoever called, and no filter sees it
/// (<see cref="Cluster.ErrorFilter"/> says why that matters).
/// </summary>
internal sealed partial class GuardedStorage(IGrainStorage storage, ILogger logger) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        GuardAsync(storage.ReadStateAsync(stateName, grainId, grainState));

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        GuardAsync(storage.WriteStateAsync(stateName, grainId, grainState));

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        GuardAsync(storage.ClearStateAsync(stateName, grainId, grainState));

    /// <exception cref="PresenceUnavailableException">Redis did not answer, or what it answered cannot be read.</exception>
    /// <exception cref="InconsistentStateException">Another activation has written since.</exception>
    private async Task GuardAsync(Task call)
    {
        try
        {
            await call;
        }
        catch (Exception e) when (e is not InconsistentStateException)
        {
            LogFailed(e);
            throw new PresenceUnavailableException("Redis did not answer.");
        }
    }

    [LoggerMessage(4021, LogLevel.Warning, "Redis did not answer, or not what was asked.")]
    private partial void LogFailed(Exception exception);
}
