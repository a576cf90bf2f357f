using Presence.Gateway.Protocol;
using Presence.Grains;

namespace Presence.Gateway.Sessions;

/// <summary>What a device says of itself: <c>set_status</c> and <c>heartbeat</c>.</summary>
internal sealed class StatusMessages(SignIn signIn, TimeProvider clock)
{
    public async ValueTask<ProtocolError?> SetAsync(Session session, Fields fields, RequestId id)
    {
        var status = fields.Status();
        var isForUser = fields.IsForUser(status);
        var expiresAt = fields.ExpiresAt(clock.GetUtcNow());
        if (expiresAt is not null && !IsOverride(status, isForUser))
        {
            fields.Fail(ProtocolError.Invalid("expiresAt needs busy, dnd, invisible, or away with scope user"));
        }

        if (fields.Error is { } error)
        {
            return error;
        }

        var request = new SetStatusRequest(session.Connection.Id, status, isForUser, expiresAt) { Number = ++session.StatusRequests };
        var result = await session.Owner.SetStatusAsync(request);
        if (result.Refusal == Refusal.UnknownConnection)
        {
            // The owner has lost us, by a lapsed lease or an older state: say again that we are here.
            await signIn.ConnectAsync(session);
            result = await session.Owner.SetStatusAsync(request);
        }

        if (result.Refusal != Refusal.None)
        {
            return result.Refusal == Refusal.RateLimited ? ProtocolError.TooManyStatusChanges(result.RetryAfter) : ProtocolError.Unavailable;
        }

        session.DeviceStatus = result.DeviceStatus;
        session.Connection.Output.Send(ServerMessages.StatusUpdated(status, result.Shown, id));
        return null;
    }

    /// <summary>Proves life, which the read loop has noted; the owner hears only of a person who is back at an idle device.</summary>
    public async ValueTask<ProtocolError?> HeartbeatAsync(Session session, Fields fields, RequestId id)
    {
        var isActive = fields.Flag("active");
        if (fields.Error is { } error)
        {
            return error;
        }

        if (isActive && session.DeviceStatus == PresenceStatus.Idle)
        {
            await session.Owner.ActivityAsync(session.Connection.Id);
            session.DeviceStatus = PresenceStatus.Online;
        }

        session.Connection.Output.Send(ServerMessages.HeartbeatAck(clock.GetUtcNow(), id));
        return null;
    }

    private static bool IsOverride(PresenceStatus status, bool isForUser) =>
        isForUser || status is PresenceStatus.Busy or PresenceStatus.Dnd or PresenceStatus.Invisible;
}
