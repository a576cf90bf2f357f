using System.Text;
using Presence.Gateway.Protocol;
using Presence.Grains;

namespace Presence.Gateway.Rooms;

/// <summary>The messages about rooms.</summary>
internal static class RoomFrames
{
    /// <summary>
    /// All of a <c>room_state</c> but its type, its id and its count: made once for a version, and shared by everybody who gets it.
    /// </summary>
    public static Frame StateRest(string roomId, RoomSnapshot room, bool isCount) =>
        Frame.Rest(State(Room(JsonWriter.Rent(), roomId, room.Version), room, isCount).Written);

    /// <summary>The room in an answer by HTTP.</summary>
    public static byte[] Body(string roomId, RoomSnapshot room)
    {
        var json = JsonWriter.Rent().Raw(",\"count\":"u8).Number(room.Count);
        var body = State(Room(json, roomId, room.Version), room, isCount: false).Written.ToArray();
        body[0] = (byte)'{';
        return body;
    }

    /// <summary>What stands before it.</summary>
    public static Frame StateHead(RequestId id, int count, Frame rest)
    {
        var json = JsonWriter.Rent().Raw("{\"type\":\"room_state\",\"count\":"u8).Number(count);
        id.Write(json);
        return Frame.Head(json.Written, rest);
    }

    public static Frame Update(RoomChanged change, bool isNewTier)
    {
        var json = Room(Start("room_update"u8), change.RoomId, change.Version, change.Count);
        if (change.Joined.Length > 0)
        {
            Members(json, ",\"joined\":["u8, change.Joined);
        }

        if (change.Updated.Length > 0)
        {
            Members(json, ",\"updated\":["u8, change.Updated);
        }

        if (change.Left.Length > 0)
        {
            json.Raw(",\"left\":["u8);
            for (var i = 0; i < change.Left.Length; i++)
            {
                json.Raw(i == 0 ? ""u8 : ","u8).Text(change.Left[i]);
            }

            json.Raw("]"u8);
        }

        if (change.Members is { } members)
        {
            Members(json, ",\"members\":["u8, members);
        }

        Truncated(json, change.Tier);
        return Frame.Text((isNewTier ? Tier(json, change.Tier) : json).Raw("}"u8).Written);
    }

    public static Frame Count(RoomChanged change) =>
        Frame.Text(Room(Start("room_update"u8), change.RoomId, change.Version, change.Count).Raw("}"u8).Written);

    public static Frame Typing(TypingChanged change) => Frame.Text(
        Start("typing"u8).Raw(",\"roomId\":"u8).Text(change.RoomId).Raw(",\"userId\":"u8).Text(change.UserId)
            .Raw(change.IsTyping ? ",\"typing\":true}"u8 : ",\"typing\":false}"u8).Written);

    /// <summary>A reply that says no more than which room: <c>left</c>, <c>unwatched</c>, <c>member_updated</c>.</summary>
    public static Frame Reply(ReadOnlySpan<byte> type, string roomId, RequestId id)
    {
        var json = Start(type).Raw(",\"roomId\":"u8).Text(roomId);
        id.Write(json);
        return Frame.Text(json.Raw("}"u8).Written);
    }

    private static JsonWriter State(JsonWriter json, RoomSnapshot room, bool isCount)
    {
        if (!isCount)
        {
            Members(json, ",\"members\":["u8, room.Members);
            Truncated(json, room.Tier);
        }

        return Tier(json, room.Tier).Raw("}"u8);
    }

    private static JsonWriter Start(ReadOnlySpan<byte> type) => JsonWriter.Rent().Raw("{\"type\":\""u8).Raw(type).Raw("\""u8);

    private static JsonWriter Room(JsonWriter json, string roomId, long version) =>
        json.Raw(",\"roomId\":"u8).Text(roomId).Raw(",\"version\":"u8).Number(version);

    private static JsonWriter Room(JsonWriter json, string roomId, long version, int count) =>
        Room(json, roomId, version).Raw(",\"count\":"u8).Number(count);

    private static void Members(JsonWriter json, ReadOnlySpan<byte> start, RoomMember[] members)
    {
        json.Raw(start);
        for (var i = 0; i < members.Length; i++)
        {
            var member = members[i];
            json.Raw(i == 0 ? "{\"userId\":"u8 : ",{\"userId\":"u8).Text(member.UserId)
                .Raw(",\"status\":\""u8).Raw(StatusNames.Name(member.Status)).Raw("\""u8);
            if (member.Metadata is { } metadata)
            {
                json.Raw(",\"metadata\":"u8).Raw(Encoding.UTF8.GetBytes(metadata));
            }

            json.Raw(",\"joinedAt\":"u8).Time(member.JoinedAt).Raw("}"u8);
        }

        json.Raw("]"u8);
    }

    private static void Truncated(JsonWriter json, RoomTier tier) => json.Raw(tier >= RoomTier.Sampled ? ",\"truncated\":true"u8 : ""u8);

    private static JsonWriter Tier(JsonWriter json, RoomTier tier) => json.Raw(tier switch
    {
        RoomTier.Full => ",\"tier\":\"full\""u8,
        RoomTier.Coalesced => ",\"tier\":\"coalesced\""u8,
        RoomTier.Sampled => ",\"tier\":\"sampled\""u8,
        _ => ",\"tier\":\"counts\""u8,
    });
}
