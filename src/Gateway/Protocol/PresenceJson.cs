using Presence.Grains;

namespace Presence.Gateway.Protocol;

/// <summary>The presence object, in the two views there are of it. Every field is named here: nothing gets out by accident.</summary>
internal static class PresenceJson
{
    /// <param name="json">Where to.</param>
    /// <param name="presence">What others see.</param>
    /// <param name="lastSeen">In place of the presence's own, which may be older than the gateway's latest proof of life.</param>
    /// <param name="why">What decides over the status, for a trusted server that asked for that.</param>
    public static void Write(JsonWriter json, UserPresence presence, DateTimeOffset? lastSeen, Explanation? why = null)
    {
        Common(json, presence.UserId, presence.Status, lastSeen, presence.Version);
        Write(json, presence.Said);
        if (why is not null)
        {
            Write(json, why);
        }

        json.Raw("}"u8);
    }

    /// <param name="json">Where to.</param>
    /// <param name="presence">What the user's own connections see.</param>
    /// <param name="lastSeen">In place of the presence's own, as above.</param>
    /// <param name="why">What decides over the status, when that was asked for.</param>
    public static void Write(JsonWriter json, OwnPresence presence, DateTimeOffset? lastSeen, Explanation? why = null)
    {
        Common(json, presence.UserId, presence.Status, lastSeen, presence.Version);
        Write(json, presence.Said);
        json.Raw(",\"connectedAt\":"u8).Time(presence.ConnectedAt).Raw(",\"connectionCount\":"u8).Number(presence.Devices.Length)
            .Raw(",\"devices\":["u8);
        for (var i = 0; i < presence.Devices.Length; i++)
        {
            json.Raw(i == 0 ? ""u8 : ","u8);
            Write(json, presence.Devices[i]);
        }

        json.Raw("]"u8);
        if (why is not null)
        {
            Write(json, why);
        }

        json.Raw("}"u8);
    }

    private static void Write(JsonWriter json, Explanation why)
    {
        json.Raw(",\"why\":{\"source\":"u8).Text(why.Source).Raw(",\"status\":\""u8).Raw(StatusNames.Name(why.Status)).Raw("\""u8);
        if (why.DeviceId is { } deviceId)
        {
            json.Raw(",\"deviceId\":"u8).Text(deviceId);
        }

        if (why.Text is { } text)
        {
            json.Raw(",\"text\":"u8).Text(text);
        }

        json.Raw(",\"expiresAt\":"u8).Time(why.ExpiresAt).Raw("}"u8);
    }

    private static void Write(JsonWriter json, Said? said)
    {
        if (said?.Custom is { } custom)
        {
            json.Raw(",\"customStatus\":{\"text\":"u8).Text(custom.Text);
            if (custom.Emoji is { } emoji)
            {
                json.Raw(",\"emoji\":"u8).Text(emoji);
            }

            if (custom.ExpiresAt is { } expiresAt)
            {
                json.Raw(",\"expiresAt\":"u8).Time(expiresAt);
            }

            json.Raw("}"u8);
        }

        if (said?.Activity is { } activity)
        {
            json.Raw(",\"activity\":"u8).Raw(activity);
        }

        if (said?.Metadata is { } metadata)
        {
            json.Raw(",\"metadata\":"u8).Raw(metadata);
        }
    }

    private static void Common(JsonWriter json, string userId, PresenceStatus status, DateTimeOffset? lastSeen, long version) =>
        json.Raw("{\"userId\":"u8).Text(userId).Raw(",\"status\":\""u8).Raw(StatusNames.Name(status))
            .Raw("\",\"lastSeen\":"u8).Time(lastSeen).Raw(",\"version\":"u8).Number(version);

    private static void Write(JsonWriter json, DevicePresence device)
    {
        json.Raw("{\"id\":"u8).Text(device.Device.Id).Raw(",\"type\":\""u8).Raw(StatusNames.Name(device.Device.Type)).Raw("\""u8);
        if (device.Device.Name is { } name)
        {
            json.Raw(",\"name\":"u8).Text(name);
        }

        json.Raw(",\"status\":\""u8).Raw(StatusNames.Name(device.Status)).Raw("\",\"connectedAt\":"u8).Time(device.ConnectedAt).Raw("}"u8);
    }
}
