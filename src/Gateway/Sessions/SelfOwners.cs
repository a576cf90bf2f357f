using Presence.Grains;

namespace Presence.Gateway.Sessions;

/// <summary>The owner of each user, for what the user says and decides of itself.</summary>
internal sealed class SelfOwners(IGrainFactory grains)
{
    public IUserSelfGrain Of(string userId) => grains.GetGrain<IUserSelfGrain>(userId);
}
