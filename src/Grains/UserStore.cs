using System.Diagnostics.CodeAnalysis;
using Orleans.Storage;
using Presence.Grains.Rules.Users;

namespace Presence.Grains;

/// <summary>
/// The stored state of one user, straight from the grain storage <see cref="ProviderName"/>. Orleans' persistent state facet does the
/// same with a lifecycle, a queue and 1 KB for each activation, which a sign-in feels.
/// </summary>
internal sealed class UserStore : IGrainState<UserState>
{
    /// <summary>The name of the grain storage that the host registers.</summary>
    public const string ProviderName = "presence";

    private const string StateName = "user";

    /// <summary>The activation's own number among the writers.</summary>
    private readonly long _writer = Random.Shared.NextInt64(1, long.MaxValue);
    private WriteStamp _kept;

    /// <summary>The state as it was last read, or given to be written.</summary>
    [AllowNull]
    public UserState State { get; set => field = value ?? UserState.NeverSeen; } = UserState.NeverSeen;

    public string? ETag { get; set; }

    /// <summary>Whether anything is stored: false for a user nobody ever saw.</summary>
    public bool RecordExists { get; set; }

    /// <summary>Up to where versions may be published without a write.</summary>
    public (long Public, long Own) Ceilings { get; private set; }

    public async Task ReadAsync(IGrainStorage storage, GrainId grainId)
    {
        await storage.ReadStateAsync(StateName, grainId, this);
        Keep();
    }

    /// <summary>Writes. Whoever waits for it keeps it then, in the same turn: every wait between would be a turn more of the grain.</summary>
    /// <exception cref="InconsistentStateException">The store holds something else than this activation wrote last; see <see cref="WriteOverAsync"/>.</exception>
    public Task WriteAsync(IGrainStorage storage, GrainId grainId, UserState state)
    {
        State = state with { Stamp = new(_writer, _kept.Number + 1) };
        return storage.WriteStateAsync(StateName, grainId, this);
    }

    /// <summary>Writes <see cref="State"/> over a store that has lost what this activation wrote before.</summary>
    /// <exception cref="InconsistentStateException">Another activation has written since: it owns the user now.</exception>
    public async Task WriteOverAsync(IGrainStorage storage, GrainId grainId)
    {
        await TakeOverAsync(storage, grainId);
        await storage.WriteStateAsync(StateName, grainId, this);
    }

    /// <summary><see cref="State"/> is what is stored.</summary>
    public void Keep() => (_kept, Ceilings) = (State.Stamp, (State.PublicVersion.Ceiling, State.OwnVersion.Ceiling));

    private async Task TakeOverAsync(IGrainStorage storage, GrainId grainId)
    {
        var theirs = new GrainState<UserState>();
        await storage.ReadStateAsync(StateName, grainId, theirs);
        if (theirs.RecordExists && theirs.State!.Stamp is var stamp && stamp.Writer != _writer && stamp.Number > _kept.Number)
        {
            throw new InconsistentStateException("Another activation has written since.", theirs.ETag ?? "none", ETag ?? "none");
        }

        ETag = theirs.ETag;
    }
}
