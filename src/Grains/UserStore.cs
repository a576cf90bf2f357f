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
        Keep(State);
    }

    /// <summary>Writes, also over a store that has lost what this activation wrote before.</summary>
    /// <exception cref="InconsistentStateException">Another activation has written since: it owns the user now.</exception>
    public async Task WriteAsync(IGrainStorage storage, GrainId grainId, UserState state)
    {
        var written = State = state with { Stamp = new(_writer, _kept.Number + 1) };
        try
        {
            await storage.WriteStateAsync(StateName, grainId, this);
        }
        catch (InconsistentStateException)
        {
            await TakeOverAsync(storage, grainId);
            await storage.WriteStateAsync(StateName, grainId, this);
        }

        Keep(written);
    }

    /// <summary>One that was given up may end late, when <see cref="State"/> is already that of the next.</summary>
    private void Keep(UserState written) => (_kept, Ceilings) = (written.Stamp, (written.PublicVersion.Ceiling, written.OwnVersion.Ceiling));

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
