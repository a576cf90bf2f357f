using System.Text.Json;
using Presence.Gateway.Connections;
using Presence.Gateway.Protocol;
using Presence.Grains;

namespace Presence.Gateway.Sessions;

/// <summary>What a user says of itself beside the status.</summary>
internal sealed class SelfMessages(
    SelfOwners owners, SignIn signIn, TimingWheel wheel, TimeProvider clock, GatewayOptions options, ILogger<SelfMessages> logger)
{
    /// <summary>Who answers messages of this type; null: nobody here.</summary>
    public MessageAction? Find(JsonElement type) =>
        JsonText.Is(type, "set_activity"u8) ? SetActivityAsync
        : JsonText.Is(type, "set_visibility"u8) ? SetVisibilityAsync
        : JsonText.Is(type, "set_custom_status"u8) ? SetCustomStatusAsync
        : JsonText.Is(type, "set_metadata"u8) ? SetMetadataAsync
        : null;

    private async ValueTask<ProtocolError?> SetCustomStatusAsync(Session session, Fields fields, RequestId id)
    {
        var status = fields.CustomStatus(clock.GetUtcNow());
        if (fields.Error is { } error)
        {
            return error;
        }

        await owners.Of(session.UserId).SetCustomStatusAsync(status);
        session.Connection.Output.Send(ServerMessages.CustomStatusUpdated(id));
        return null;
    }

    private async ValueTask<ProtocolError?> SetActivityAsync(Session session, Fields fields, RequestId id)
    {
        var activity = fields.Activity(options.MaxMetadataBytes);
        var expiresIn = fields.ExpiresIn(options.ActivityExpiry);
        if (fields.Error is { } error)
        {
            return error;
        }

        var owner = owners.Of(session.UserId);
        var refusal = await owner.SetActivityAsync(session.Connection.Id, activity, expiresIn);
        if (refusal == Refusal.UnknownConnection)
        {
            // The owner has lost us: say again that we are here.
            await signIn.ConnectAsync(session);
            refusal = await owner.SetActivityAsync(session.Connection.Id, activity, expiresIn);
        }

        if (refusal != Refusal.None)
        {
            return ProtocolError.Unavailable;
        }

        session.Connection.Output.Send(ServerMessages.ActivityUpdated(id));
        return null;
    }

    private async ValueTask<ProtocolError?> SetMetadataAsync(Session session, Fields fields, RequestId id)
    {
        var metadata = fields.Object("metadata", isRequired: true, options.MaxMetadataBytes);
        if (fields.Error is { } error)
        {
            return error;
        }

        await owners.Of(session.UserId).SetMetadataAsync(metadata);
        session.Connection.Output.Send(ServerMessages.MetadataUpdated(id));
        return null;
    }

    private async ValueTask<ProtocolError?> SetVisibilityAsync(Session session, Fields fields, RequestId id)
    {
        var isHidden = fields.Required("hidden");
        if (fields.Error is { } error)
        {
            return error;
        }

        var visibility = session.Visibility ??= new(session, owners, wheel, options.HiddenDelay, logger);
        if (isHidden)
        {
            visibility.Hide();
        }
        else
        {
            await visibility.ShowAsync();
        }

        if (id.IsGiven)
        {
            session.Connection.Output.Send(ServerMessages.Ok(id));
        }

        return null;
    }
}
