using System.Collections.Concurrent;

namespace Presence.Client.Tests.Harness;

/// <summary>Keeps every event of one client.</summary>
internal sealed class Watcher : IAsyncDisposable
{
    private readonly ConcurrentQueue<PresenceEvent> _events = [];
    private readonly Task _reading;

    private Watcher(PresenceClient client)
    {
        Client = client;
        _reading = ReadAsync(client.ReadAllAsync());
    }

    public PresenceClient Client { get; }

    public IEnumerable<PresenceEvent> Events => _events;

    public static PresenceClientOptions Options(int port, string userId) => new()
    {
        Url = new($"ws://127.0.0.1:{port}/ws"),
        UserId = userId,
        TokenProvider = _ => ValueTask.FromResult("token"),
    };

    public static string Name(string start) => $"{start}-{Guid.NewGuid():N}";

    public static Watcher On(PresenceClientOptions options) => new(new(options));

    public static async Task<Watcher> StartAsync(PresenceClientOptions options)
    {
        var watcher = On(options);
        await watcher.Client.StartAsync();
        return watcher;
    }

    /// <summary>What was shown of a user, each status once in a row; <c>?</c> marks what was stale.</summary>
    public string Story(string userId) => string.Join(' ', _events.OfType<PresenceChanged>()
        .Where(change => change.Presence.UserId == userId)
        .Select(change => change.Presence.Status + (change.Presence.IsStale ? "?" : "")));

    /// <summary>Events come after the state that they tell of, so a story is waited for.</summary>
    public async Task TellsAsync(string userId, string story)
    {
        await Wait.UntilAsync($"a story of {story.Length} characters", () => Story(userId).Length >= story.Length);
        Assert.Equal(story, Story(userId));
    }

    public Task ShowsAsync(string userId, PresenceStatus status) => Wait.UntilAsync(
        $"{userId} is {status}", () => Client.Find(userId) is { IsStale: false } presence && presence.Status == status);

    public Task IsAsync(PresenceConnectionState state, TimeSpan? deadline = null) =>
        Wait.UntilAsync($"the client is {state}", () => Client.State == state, deadline);

    /// <summary>That it was so at some time: a state may be over before anybody looks.</summary>
    public Task WasAsync(PresenceConnectionState state) => Wait.UntilAsync(
        $"the client was {state}", () => _events.OfType<ConnectionChanged>().Any(change => change.State == state));

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await _reading;
    }

    private async Task ReadAsync(IAsyncEnumerable<PresenceEvent> events)
    {
        await foreach (var what in events)
        {
            _events.Enqueue(what);
        }
    }
}
