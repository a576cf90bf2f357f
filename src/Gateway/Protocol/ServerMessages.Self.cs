using Presence.Grains;

namespace Presence.Gateway.Protocol;

/// <content>The answers to what users say of themselves.</content>
internal static partial class ServerMessages
{
    public static Frame CustomStatusUpdated(RequestId id) => Finish(Start("custom_status_updated"u8), id);

    public static Frame ActivityUpdated(RequestId id) => Finish(Start("activity_updated"u8), id);

    public static Frame MetadataUpdated(RequestId id) => Finish(Start("metadata_updated"u8), id);

    public static Frame PrivacyUpdated(PrivacySettings privacy, RequestId id) => Finish(Write(Start("privacy_updated"u8), privacy), id);

    public static Frame Privacy(PrivacySettings privacy, RequestId id) => Finish(Write(Start("privacy"u8), privacy), id);

    public static Frame ListUpdated(UserList list, int count, RequestId id) => Finish(
        Start(list == UserList.Contacts ? "contacts_updated"u8 : "blocked_updated"u8).Raw(",\"count\":"u8).Number(count), id);

    private static JsonWriter Write(JsonWriter json, PrivacySettings privacy) => json
        .Raw(",\"privacy\":{\"showOnlineStatus\":\""u8).Raw(AudienceNames.Name(privacy.ShowOnlineStatus))
        .Raw("\",\"showLastSeen\":\""u8).Raw(AudienceNames.Name(privacy.ShowLastSeen))
        .Raw("\",\"showActivity\":\""u8).Raw(AudienceNames.Name(privacy.ShowActivity)).Raw("\"}"u8);
}
