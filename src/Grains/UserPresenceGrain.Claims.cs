using Presence.Grains.Rules.Users;

namespace Presence.Grains;

internal sealed partial class UserPresenceGrain
{
    public async ValueTask<Refusal> SetClaimAsync(PresenceClaim claim)
    {
        var step = ClaimRules.Set(_state, claim, Now, shared.Limits);
        await CommitAsync(step);
        return step.Refusal;
    }

    public async ValueTask<Refusal> RemoveClaimAsync(string source)
    {
        var step = ClaimRules.Remove(_state, source, Now, shared.Limits);
        await CommitAsync(step);
        return step.Refusal;
    }
}
