using Orleans.Storage;
using Presence.Grains.Rules.Users;

namespace Presence.Grains;

/// <summary>
/// The stored state of one user, straight from the grain storage <see cref="ProviderName"/>. Orleans' persistent state facet does the
/// same with a lifecycle, a queue and 1 KB for each activation, which a sign-in feels.
/// </summary>
internal struct UserStore()
{
    /// <summary>The name of the grain storage that the host registers.</summary>
    public const string ProviderName = "presence";

    private const string StateName = "user";

    private readonly GrainState<UserState> _stored = new();

    /// <summary>The state as it was last read or written.</summary>
    public readonly UserState State => _stored.State!;

    /// <summary>Whether anything is stored: false for a user nobody ever saw.</summary>
    public readonly bool IsStored => _stored.RecordExists;

    public readonly async Task ReadAsync(IGrainStorage storage, GrainId grainId)
    {
        await storage.ReadStateAsync(StateName, grainId, _stored);
        _stored.State ??= UserState.NeverSeen;
    }

    public readonly Task WriteAsync(IGrainStorage storage, GrainId grainId, UserState state)
    {
        _stored.State = state;
        return storage.WriteStateAsync(StateName, grainId, _stored);
    }
}
