using Presence.Grains.Rules.Users;

namespace Presence.Grains;

internal sealed partial class UserPresenceGrain : IUserSelfGrain
{
    public ValueTask<OwnPresence> GetOwnAsync() => ValueTask.FromResult(Views.Own(_state, UserId));

    public ValueTask SetCustomStatusAsync(CustomStatus? status) => CommitAsync(SaidRules.SetCustomStatus(_state, status, Now));

    public async ValueTask<Refusal> SetActivityAsync(string connectionId, string? activity, TimeSpan? expiresIn)
    {
        var step = SaidRules.SetActivity(_state, connectionId, activity, expiresIn, Now);
        await CommitAsync(step);
        return step.Refusal;
    }

    public ValueTask SetMetadataAsync(string? metadata) => CommitAsync(SaidRules.SetMetadata(_state, metadata, Now));

    public async ValueTask<PresenceStatus> SetHiddenAsync(string connectionId, bool isHidden)
    {
        await CommitAsync(VisibilityRules.SetHidden(_state, connectionId, isHidden, Now));
        return Views.DeviceStatus(_state, connectionId);
    }

    public async ValueTask<PresenceStatus> ChooseAsync(PresenceStatus status, DateTimeOffset? expiresAt)
    {
        await CommitAsync(StatusRules.Choose(_state, status, expiresAt, Now, shared.Limits));
        return Views.Status(_state, Viewer.Others);
    }

    public async ValueTask<int> SignOutAsync()
    {
        var devices = _state.Devices;
        await CommitAsync(ConnectionRules.SignOut(_state, Now));
        foreach (var device in devices)
        {
            // Also when the call is repeated: a gateway that missed it once holds the socket still.
            shared.Outbox.Enqueue(device.Life, new ConnectionSignedOut(device.ConnectionId));
        }

        foreach (var life in devices.Select(device => device.Life).Distinct())
        {
            await DelistAsync(life);
        }

        return devices.Length;
    }
}
