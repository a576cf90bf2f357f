namespace Presence.Gateway.Protocol;

/// <content>The answers to what users say of themselves.</content>
internal static partial class ServerMessages
{
    public static Frame CustomStatusUpdated(RequestId id) => Finish(Start("custom_status_updated"u8), id);

    public static Frame ActivityUpdated(RequestId id) => Finish(Start("activity_updated"u8), id);

    public static Frame MetadataUpdated(RequestId id) => Finish(Start("metadata_updated"u8), id);
}
