using Presence.Gateway.Delivery;
using Presence.Gateway.Protocol;

namespace Presence.Gateway.Lobbies;

/// <summary>The messages about the lobby.</summary>
internal static class LobbyFrames
{
    /// <summary>All of a <c>lobby_state</c> but its type and its id, shared by everybody who gets it.</summary>
    public static Frame StateRest(int online, bool isTruncated, IEnumerable<UserEntry>? users)
    {
        var json = Online(JsonWriter.Rent(), online);
        if (users is not null)
        {
            Users(json, ",\"users\":["u8, users);
            json.Raw(isTruncated ? ",\"truncated\":true"u8 : ""u8);
        }

        return Frame.Rest(json.Raw("}"u8).Written);
    }

    public static Frame StateHead(RequestId id, Frame rest)
    {
        var json = JsonWriter.Rent().Raw("{\"type\":\"lobby_state\""u8);
        id.Write(json);
        return Frame.Head(json.Written, rest);
    }

    public static Frame Count(int online, bool isTruncated) => Frame.Text(
        Online(Start("lobby_update"u8), online).Raw(isTruncated ? ",\"truncated\":true}"u8 : "}"u8).Written);

    public static Frame Update(int online, IReadOnlyCollection<UserEntry> joined, string[] left)
    {
        var json = Online(Start("lobby_update"u8), online);
        if (joined.Count > 0)
        {
            Users(json, ",\"joined\":["u8, joined);
        }

        if (left.Length > 0)
        {
            json.Raw(",\"left\":["u8);
            for (var i = 0; i < left.Length; i++)
            {
                json.Raw(i == 0 ? ""u8 : ","u8).Text(left[i]);
            }

            json.Raw("]"u8);
        }

        return Frame.Text(json.Raw("}"u8).Written);
    }

    public static Frame Unsubscribed(RequestId id)
    {
        var json = Start("lobby_unsubscribed"u8);
        id.Write(json);
        return Frame.Text(json.Raw("}"u8).Written);
    }

    private static JsonWriter Start(ReadOnlySpan<byte> type) => JsonWriter.Rent().Raw("{\"type\":\""u8).Raw(type).Raw("\""u8);

    private static JsonWriter Online(JsonWriter json, int online) => json.Raw(",\"online\":"u8).Number(online);

    /// <summary>As strangers see them, since all get the same bytes; whoever has hidden meanwhile is about to leave the list.</summary>
    private static void Users(JsonWriter json, ReadOnlySpan<byte> start, IEnumerable<UserEntry> users)
    {
        json.Raw(start);
        var isFirst = true;
        foreach (var shown in users.Select(user => user.ShownToStrangers).Where(shown => shown.Version > 0))
        {
            json.Raw(isFirst ? ""u8 : ","u8);
            PresenceJson.Write(json, shown, shown.LastSeen);
            isFirst = false;
        }

        json.Raw("]"u8);
    }
}
