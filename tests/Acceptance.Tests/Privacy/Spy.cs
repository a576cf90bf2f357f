using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Presence.Acceptance.Tests.Privacy;

/// <summary>A stranger who tries every way there is to learn something of a user, and writes down all it gets.</summary>
internal sealed class Spy : IAsyncDisposable
{
    private readonly PresenceServer _server;
    private readonly PresenceClient _client;
    private readonly HttpClient _http = new();

    private Spy(PresenceServer server, PresenceClient client, string userId)
    {
        (_server, _client, UserId) = (server, client, userId);
        _http.BaseAddress = new Uri($"http://127.0.0.1:{server.Port}/");
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", userId);
    }

    public string UserId { get; }

    public static async Task<Spy> StartAsync(PresenceServer server, string userId) =>
        new(server, await PresenceClient.SignInAsync(server, userId), userId);

    /// <summary>Every answer and every update about a subject, with its name in place of its id.</summary>
    /// <param name="subject">Whom to look at.</param>
    /// <param name="actAsync">What the subject does meanwhile; the spy subscribed before.</param>
    public async Task<string> ObserveAsync(string subject, Func<Task> actAsync)
    {
        List<string> seen = [];
        await AskAsync(seen, new { type = "get_presence", userIds = new[] { subject } });
        await AskAsync(seen, new { type = "subscribe", userIds = new[] { subject } });
        await AskAsync(seen, new { type = "subscribe", userIds = new[] { subject }, known = new Dictionary<string, int> { [subject] = 0 } });
        await AskAsync(seen, new { type = "subscribe", userIds = new[] { subject }, known = new Dictionary<string, int> { [subject] = 7 } });
        await actAsync();
        await AskAsync(seen, new { type = "get_presence", userIds = new[] { subject, subject } });
        await AskAsync(seen, new { type = "get_presence", userIds = new[] { subject }, explain = true });
        await AskAsync(seen, new { type = "unsubscribe", userIds = new[] { subject }, id = 1 });
        await AskAsync(seen, new { type = "subscribe", userIds = new[] { subject } });
        foreach (var path in Paths(subject))
        {
            using var answer = await _http.GetAsync(path);
            seen.Add($"{(int)answer.StatusCode} {answer.Content.Headers.ContentType} {await answer.Content.ReadAsStringAsync()}");
        }

        return string.Join('\n', seen).Replace(subject, "SUBJECT", StringComparison.Ordinal);
    }

    /// <summary>The median time of an answer about a subject that is known already.</summary>
    public async Task<TimeSpan> MedianAsync(string subject)
    {
        List<TimeSpan> times = [];
        for (var i = 0; i < 31; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await _client.SendAsync(new { type = "get_presence", userIds = new[] { subject } });
            await _client.ExpectAsync("presence_list");
            times.Add(Stopwatch.GetElapsedTime(began));
        }

        times.Sort();
        return times[times.Count / 2];
    }

    /// <summary>The time of the first answer about somebody whom the server has not been asked for before.</summary>
    public async Task<TimeSpan> FirstAsync(string subject)
    {
        var began = Stopwatch.GetTimestamp();
        await _client.SendAsync(new { type = "get_presence", userIds = new[] { subject } });
        await _client.ExpectAsync("presence_list");
        return Stopwatch.GetElapsedTime(began);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        _http.Dispose();
    }

    private string[] Paths(string subject) =>
    [
        $"v1/users/{subject}/presence?viewer={UserId}",
        $"v1/users/{subject}/presence?viewer={UserId}&explain=true",
        $"v1/presence?userIds={subject}&viewer={UserId}",
    ];

    // What comes before the answer to the fence belongs to the subject: the spy knows nobody else.
    private async Task AskAsync(List<string> seen, object message) =>
        seen.AddRange((await _client.AskAsync(JsonSerializer.Serialize(message))).Select(received => received.Text));
}
