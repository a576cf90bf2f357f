using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Presence.Acceptance.Tests.Http;
using Presence.Acceptance.Tests.Rooms;

namespace Presence.Acceptance.Tests.Privacy;

/// <summary>
/// A stranger who tries every way there is to learn something of a user, and writes down all it gets, way by way. It looks on from a room
/// and at the lobby too while the subject does what it likes; invisible, so that nothing there is its own.
/// </summary>
internal sealed partial class Spy : IAsyncDisposable
{
    private readonly PresenceServer _server;
    private readonly PresenceClient _client;
    private readonly HttpCaller _http;

    private Spy(PresenceServer server, PresenceClient client, string userId) =>
        (_server, _client, UserId, _http) = (server, client, userId, new(server, userId));

    public string UserId { get; }

    /// <summary>Every way that the spy knows.</summary>
    public static IReadOnlyList<string> Ways { get; } =
        ["lists", "known", "later updates", "after", "explain", "http", "room asked", "room heard", "room by http", "typing", "lobby asked", "lobby heard"];

    public static async Task<Spy> StartAsync(PresenceServer server, string userId)
    {
        using var caller = new HttpCaller(server, userId);
        await caller.PutAsync($"v1/users/{userId}/status", """{"status":"invisible"}""");
        return new(server, await PresenceClient.SignInAsync(server, userId), userId);
    }

    /// <summary>What each way gives of a subject: every answer and every update, with names in place of ids.</summary>
    /// <param name="subject">Whom to look at.</param>
    /// <param name="actAsync">What the subject does meanwhile, in the room that it is given too; the spy looks on from before.</param>
    public async Task<SortedDictionary<string, string>> ObserveAsync(string subject, Func<string, Task> actAsync)
    {
        var (room, heard) = (Names.New("room"), new SortedDictionary<string, string>(StringComparer.Ordinal));
        string[] ids = [subject];
        heard["lists"] = await AskAsync(new { type = "get_presence", userIds = ids }, new { type = "subscribe", userIds = ids });
        heard["known"] = await AskAsync(
            new { type = "subscribe", userIds = ids, known = new Dictionary<string, int> { [subject] = 0 } },
            new { type = "subscribe", userIds = ids, known = new Dictionary<string, int> { [subject] = 7 } });
        await AskAsync(new { type = "join", roomId = room });
        await SubscribeLobbyAsync(subject);
        await actAsync(room);
        var told = await HearAsync();
        heard["later updates"] = Of(told, "presence_");
        heard["room heard"] = Of(told, "room_");
        heard["typing"] = Of(told, "typing");
        heard["lobby heard"] = Of(told, "lobby_");
        heard["after"] = await AskAsync(
            new { type = "get_presence", userIds = new[] { subject, subject } }, new { type = "unsubscribe", userIds = ids, id = 1 },
            new { type = "subscribe", userIds = ids });
        heard["explain"] = await AskAsync(new { type = "get_presence", userIds = ids, explain = true });
        heard["room asked"] = await AskAsync(new { type = "get_room", roomId = room }, new { type = "join", roomId = room });
        heard["lobby asked"] = await AskAsync(new { type = "subscribe_lobby", mode = "count" }, new { type = "subscribe_lobby", mode = "users" });
        heard["http"] = await CallAsync(
            $"v1/users/{subject}/presence?viewer={UserId}", $"v1/users/{subject}/presence?viewer={UserId}&explain=true",
            $"v1/presence?userIds={subject}&viewer={UserId}");
        heard["room by http"] = await CallAsync($"v1/rooms/{room}");
        await AskAsync(
            new { type = "leave", roomId = room }, new { type = "unsubscribe_lobby" }, new { type = "unsubscribe", userIds = ids, id = 1 });
        return new(heard.ToDictionary(way => way.Key, way => Plain(way.Value, subject, room)), StringComparer.Ordinal);
    }

    /// <summary>The time of one answer on the socket. The first about somebody is one about whom the server was not asked before.</summary>
    public Task<TimeSpan> TimeOfListAsync(string subject) => TimeAsync(async () =>
    {
        await _client.SendAsync(new { type = "get_presence", userIds = new[] { subject } });
        await _client.ExpectAsync("presence_list");
    });

    /// <summary>The same for <c>subscribe</c>.</summary>
    public Task<TimeSpan> TimeOfSubscribeAsync(string subject) => TimeAsync(() => _client.SubscribeAsync(subject));

    /// <summary>The same by HTTP.</summary>
    public Task<TimeSpan> TimeOfCallAsync(string subject) => TimeAsync(() => _http.GetAsync($"v1/presence?userIds={subject}&viewer={UserId}"));

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        _http.Dispose();
    }

    private static async Task<TimeSpan> TimeAsync(Func<Task> askAsync)
    {
        var began = Stopwatch.GetTimestamp();
        await askAsync();
        return Stopwatch.GetElapsedTime(began);
    }

    /// <summary>Looks at the lobby from when those of earlier tests are gone, and the subject is in it if it ever will be.</summary>
    private async Task SubscribeLobbyAsync(string subject)
    {
        await _client.SendAsync(new { type = "subscribe_lobby", mode = "users" });
        var told = await _client.ExpectAsync("lobby_state");
        var there = told.Json.GetProperty("users").EnumerateArray().Select(user => user.GetProperty("userId").GetString()!).ToHashSet();
        while (there.Any(userId => userId != subject))
        {
            told = await _client.ExpectAsync("lobby_update");
            there.UnionWith(RoomGuest.Ids(told, "joined"));
            there.ExceptWith(RoomGuest.Ids(told, "left"));
        }
    }

    /// <summary>All that comes until somebody else, who came and went after the subject had acted, is gone from the lobby again.</summary>
    private async Task<List<Received>> HearAsync()
    {
        List<Received> told = [];
        var marker = Names.New("marker");
        await using (var client = await PresenceClient.SignInAsync(_server, marker))
        {
            await PassAsync("joined");
            await client.LeaveAsync();
        }

        await PassAsync("left");
        return told.ConvertAll(message => message with { Text = Marker().Replace(message.Text.Replace(marker, "MARKER", StringComparison.Ordinal), "$1") });

        async Task PassAsync(string what)
        {
            Received next;
            do
            {
                told.Add(next = await _client.NextAsync());
            }
            while (next.Type != "lobby_update" || !next.Text.Contains($"\"{what}\"", StringComparison.Ordinal)
                || !next.Text.Contains(marker, StringComparison.Ordinal));
        }
    }

    private static string Of(List<Received> told, string kind) =>
        string.Join('\n', told.Where(message => message.Type.StartsWith(kind, StringComparison.Ordinal)).Select(message => message.Text));

    // What comes before the answer to the fence is the reply: nobody else does anything meanwhile.
    private async Task<string> AskAsync(params object[] messages)
    {
        var replies = new StringBuilder();
        foreach (var message in messages)
        {
            foreach (var reply in await _client.AskAsync(JsonSerializer.Serialize(message)))
            {
                replies.AppendLine(reply.Text);
            }
        }

        return replies.ToString();
    }

    private async Task<string> CallAsync(params string[] paths)
    {
        var answers = new StringBuilder();
        foreach (var path in paths)
        {
            var answer = await _http.GetAsync(path);
            answers.AppendLine(CultureInfo.InvariantCulture, $"{(int)answer.Status} {answer.Type} {answer.Text}");
        }

        return answers.ToString();
    }

    private static string Plain(string text, string subject, string room) =>
        text.Replace(subject, "SUBJECT", StringComparison.Ordinal).Replace(room, "ROOM", StringComparison.Ordinal);

    /// <summary>When the marker came, and its version, differ between any two looks.</summary>
    [GeneratedRegex("""("userId":"MARKER"),[^}]*""")]
    private static partial Regex Marker();
}
