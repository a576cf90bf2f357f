using System.Text.Json;

namespace Presence.Acceptance.Tests.Rooms;

/// <summary>Somebody who speaks about one room.</summary>
internal sealed class RoomGuest(PresenceClient client, string userId, string roomId) : IAsyncDisposable
{
    public PresenceClient Client { get; } = client;

    public string UserId { get; } = userId;

    public static async Task<RoomGuest> SignInAsync(PresenceServer server, string roomId, string name, string? device = null, string? userId = null)
    {
        userId ??= Names.New(name);
        return new(await PresenceClient.SignInAsync(server, userId, device), userId, roomId);
    }

    /// <summary>Signs in and joins.</summary>
    public static async Task<RoomGuest> JoinAsync(PresenceServer server, string roomId, string name, string? device = null, string? userId = null)
    {
        var guest = await SignInAsync(server, roomId, name, device, userId);
        await guest.JoinAsync();
        return guest;
    }

    /// <returns>The <c>room_state</c>.</returns>
    public Task<Received> JoinAsync(object? metadata = null, bool? listed = null) =>
        AskAsync(new { type = "join", roomId, metadata, listed }, "room_state");

    public Task<Received> LeaveAsync() => AskAsync(new { type = "leave", roomId }, "left");

    public Task<Received> GetAsync() => AskAsync(new { type = "get_room", roomId }, "room_state");

    public Task<Received> WatchAsync(string mode) => AskAsync(new { type = "watch_room", roomId, mode }, "room_state");

    public async Task SetStatusAsync(string status)
    {
        await Client.SendAsync(new { type = "set_status", status });
        await Client.ExpectAsync("status_updated");
    }

    public Task TypeAsync(bool isTyping) => Client.SendAsync(new { type = isTyping ? "typing_start" : "typing_stop", roomId });

    /// <summary>The next update of the room; the test says what it must be.</summary>
    public Task<Received> UpdateAsync() => Client.ExpectAsync("room_update");

    /// <summary>The next update that tells this of this user: joined, updated or left. Versions before it have no gap.</summary>
    public async Task<Received> UpdateAsync(string what, string userId)
    {
        var version = 0L;
        return await Client.ExpectAsync("room_update", update =>
        {
            var next = update.Json.GetProperty("version").GetInt64();
            Assert.True(version == 0 || next == version + 1, $"a gap before {update}");
            version = next;
            return Ids(update, what).Contains(userId);
        });
    }

    public static List<string> Ids(Received message, string list) => message.Json.TryGetProperty(list, out var members)
        ? [.. members.EnumerateArray().Select(m => m.ValueKind == JsonValueKind.String ? m.GetString()! : m.GetProperty("userId").GetString()!)]
        : [];

    public static JsonElement Member(Received message, string list, string userId) =>
        message.Json.GetProperty(list).EnumerateArray().Single(member => member.GetProperty("userId").GetString() == userId);

    public static long Version(Received message) => message.Json.GetProperty("version").GetInt64();

    public static int Count(Received message) => message.Json.GetProperty("count").GetInt32();

    public ValueTask DisposeAsync() => Client.DisposeAsync();

    private async Task<Received> AskAsync(object message, string reply)
    {
        var id = Guid.NewGuid().ToString("N");
        var json = JsonSerializer.SerializeToNode(message)!;
        foreach (var empty in json.AsObject().Where(field => field.Value is null).Select(field => field.Key).ToList())
        {
            json.AsObject().Remove(empty);
        }

        json["id"] = id;
        await Client.SendTextAsync(json.ToJsonString());
        var answer = await Client.ExpectAsync(reply, m => m.Id == id);
        Assert.Equal(roomId, answer["roomId"]);
        return answer;
    }
}
