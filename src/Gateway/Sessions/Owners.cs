using Orleans.GrainReferences;
using Presence.Grains;

namespace Presence.Gateway.Sessions;

/// <summary>The owner of each user: its grain.</summary>
internal sealed class Owners(Func<string, IUserPresenceGrain> of)
{
    public IUserPresenceGrain Of(string userId) => of(userId);

    /// <summary>
    /// Makes references of one kind. <see cref="IGrainFactory"/> finds the names of interface and grain by reflection at each call, which
    /// was a tenth of the cost of a status change.
    /// </summary>
    public static Owners From(IGrainFactory grains, GrainReferenceActivator activator)
    {
        var kind = new Lazy<GrainReference>(() => (GrainReference)grains.GetGrain<IUserPresenceGrain>("any").AsReference<IUserPresenceGrain>());
        return new(userId => (IUserPresenceGrain)activator.CreateReference(
            GrainId.Create(kind.Value.GrainId.Type, userId), kind.Value.InterfaceType));
    }
}
