using Presence.Grains;

namespace Presence.Gateway.Protocol;

/// <summary>Every message that the server sends, as a finished frame.</summary>
internal static partial class ServerMessages
{
    private static readonly byte[] UpdateStart = [.. """{"type":"presence_update","presence":"""u8];

    public static Frame Ok(RequestId id) => Finish(Start("ok"u8), id);

    public static Frame Error(ProtocolError error, RequestId id)
    {
        var json = Start("error"u8).Raw(",\"code\":\""u8).Raw(System.Text.Encoding.ASCII.GetBytes(error.Code)).Raw("\",\"message\":"u8)
            .Text(error.Message).Raw(error.IsRetryable ? ",\"retryable\":true"u8 : ",\"retryable\":false"u8);
        if (error.RetryAfter is { } wait)
        {
            json.Raw(",\"retryAfter\":"u8).Number(Math.Max(1, (long)Math.Ceiling(wait.TotalMilliseconds)));
        }

        if (error.Refused is { } places)
        {
            json.Raw(",\"refused\":["u8);
            for (var i = 0; i < places.Count; i++)
            {
                json.Raw(i == 0 ? ""u8 : ","u8).Number(places[i]);
            }

            json.Raw("]"u8);
        }

        return Finish(json, id);
    }

    public static Frame Authenticated(in Welcome welcome, RequestId id)
    {
        var json = Start("authenticated"u8).Raw(",\"userId\":"u8).Text(welcome.Presence.UserId).Raw(",\"presence\":"u8);
        PresenceJson.Write(json, welcome.Presence, welcome.Presence.LastSeen);
        json.Raw(",\"connectionId\":"u8).Text(welcome.ConnectionId).Raw(",\"deviceId\":"u8).Text(welcome.DeviceId)
            .Raw(",\"heartbeatInterval\":"u8).Number((long)welcome.HeartbeatInterval.TotalMilliseconds)
            .Raw(",\"heartbeatTimeout\":"u8).Number((long)welcome.HeartbeatTimeout.TotalMilliseconds)
            .Raw(",\"serverTime\":"u8).Time(welcome.ServerTime);
        return Finish(json, id);
    }

    public static Frame StatusUpdated(PresenceStatus asked, PresenceStatus shown, RequestId id) =>
        Finish(
            Start("status_updated"u8).Raw(",\"status\":\""u8).Raw(StatusNames.Name(asked))
                .Raw("\",\"shown\":\""u8).Raw(StatusNames.Name(shown)).Raw("\""u8),
            id);

    public static Frame HeartbeatAck(DateTimeOffset now, RequestId id) =>
        Finish(Start("heartbeat_ack"u8).Raw(",\"timestamp\":"u8).Time(now), id);

    public static Frame Unsubscribed(IEnumerable<string> userIds, RequestId id)
    {
        var json = Start("unsubscribed"u8);
        WriteUserIds(json, userIds);
        return Finish(json, id);
    }

    /// <param name="userIds">Whose presence may be out of date; null: everybody's.</param>
    /// <param name="since">When the owners were last heard of.</param>
    public static Frame Stale(List<string>? userIds, DateTimeOffset since)
    {
        var json = Start("stale"u8);
        WriteUserIds(json, userIds);
        return Finish(json.Raw(",\"since\":"u8).Time(since), default);
    }

    /// <param name="userIds">Whose presence is up to date again; null: everybody's.</param>
    public static Frame Fresh(List<string>? userIds)
    {
        var json = Start("fresh"u8);
        WriteUserIds(json, userIds);
        return Finish(json, default);
    }

    public static Frame TokenExpiring(DateTimeOffset expiresAt) =>
        Finish(Start("token_expiring"u8).Raw(",\"expiresAt\":"u8).Time(expiresAt), default);

    public static Frame TokenRefreshed(DateTimeOffset? expiresAt, RequestId id) =>
        Finish(Start("token_refreshed"u8).Raw(",\"expiresAt\":"u8).Time(expiresAt), id);

    public static Frame Reconnect(TimeSpan after) =>
        Finish(Start("reconnect"u8).Raw(",\"after\":"u8).Number((long)after.TotalMilliseconds), default);

    public static Frame Update(UserPresence presence, object topic)
    {
        var json = JsonWriter.Rent().Raw(UpdateStart);
        PresenceJson.Write(json, presence, presence.LastSeen);
        return FinishUpdate(json, topic);
    }

    public static Frame Update(OwnPresence presence, object topic)
    {
        var json = JsonWriter.Rent().Raw(UpdateStart);
        PresenceJson.Write(json, presence, presence.LastSeen);
        return FinishUpdate(json, topic);
    }

    /// <summary>Begins a list; presence objects follow, with a comma between them.</summary>
    public static JsonWriter StartList() => Start("presence_list"u8).Raw(",\"presences\":["u8);

    public static Frame FinishList(JsonWriter json, RequestId id) => Finish(json.Raw("]"u8), id);

    private static void WriteUserIds(JsonWriter json, IEnumerable<string>? userIds)
    {
        if (userIds is null)
        {
            return;
        }

        json.Raw(",\"userIds\":["u8);
        var isFirst = true;
        foreach (var userId in userIds)
        {
            json.Raw(isFirst ? ""u8 : ","u8).Text(userId);
            isFirst = false;
        }

        json.Raw("]"u8);
    }

    private static Frame FinishUpdate(JsonWriter json, object topic)
    {
        var itemLength = json.Length - UpdateStart.Length;
        return Frame.Update(json.Raw("}"u8).Written, topic, UpdateStart.Length, itemLength);
    }

    private static JsonWriter Start(ReadOnlySpan<byte> type) => JsonWriter.Rent().Raw("{\"type\":\""u8).Raw(type).Raw("\""u8);

    private static Frame Finish(JsonWriter json, RequestId id)
    {
        id.Write(json);
        return Frame.Text(json.Raw("}"u8).Written);
    }
}

/// <summary>What a client is told when it is in.</summary>
internal readonly record struct Welcome(
    OwnPresence Presence, string ConnectionId, string DeviceId, TimeSpan HeartbeatInterval, TimeSpan HeartbeatTimeout, DateTimeOffset ServerTime);
