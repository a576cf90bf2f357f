using System.Diagnostics;
using System.Text.Json;
using Presence.Client.Tests.Harness;

namespace Presence.Client.Tests;

/// <summary>Against a server that a test plays.</summary>
public sealed class ScriptedTests : IAsyncDisposable
{
    private const string Bob = """{"userId":"bob","status":"online","joinedAt":"2026-01-01T12:00:00Z"}""";

    private readonly ScriptedServer _server = new();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Drain_ComesBackWhenTheHintSays_NotWhenThePolicyWould()
    {
        await using var client = Watcher.On(Options());
        var (_, connection) = await StartAsync(client);
        await connection.SayAsync("""{"type":"reconnect","after":1500}""");
        await connection.CloseAsync(1012);
        var closed = Stopwatch.GetTimestamp();

        await _server.WelcomeAsync();

        Assert.InRange(Stopwatch.GetElapsedTime(closed), TimeSpan.FromSeconds(1.4), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Room_JoinedAgainAfterALoss_WithItsMetadata()
    {
        await using var client = Watcher.On(Options());
        var (_, connection) = await StartAsync(client);
        var joining = client.Client.JoinAsync("lobby", JsonSerializer.SerializeToElement(new { name = "Ada" }));
        await connection.AnswerAsync("join", """{"type":"room_state","roomId":"lobby","version":1,"count":0,"members":[]}""");
        await joining;
        await connection.CloseAsync(1011);

        var next = await _server.WelcomeAsync();
        var again = await next.AnswerAsync("join", $$"""{"type":"room_state","roomId":"lobby","version":7,"count":1,"members":[{{Bob}}]}""");
        await Wait.UntilAsync("bob is there", () => client.Client.FindRoom("lobby") is { IsStale: false, Count: 1 });

        Assert.Equal("Ada", again.GetProperty("metadata").GetProperty("name").GetString());
        Assert.Contains(client.Events.OfType<RoomChanged>(), change => change.Room is { IsStale: true, Count: 0 });
    }

    [Fact]
    public async Task Room_Gap_IsAskedForAndRepaired()
    {
        await using var client = Watcher.On(Options());
        var (_, connection) = await StartAsync(client);
        var joining = client.Client.WatchRoomAsync("lobby");
        await connection.AnswerAsync("watch_room", """{"type":"room_state","roomId":"lobby","version":1,"count":0,"members":[]}""");
        await joining;

        await connection.SayAsync("""{"type":"room_update","roomId":"lobby","version":3,"count":2,"left":["ada"]}""");
        await connection.AnswerAsync("get_room", $$"""{"type":"room_state","roomId":"lobby","version":3,"count":1,"members":[{{Bob}}]}""");

        await Wait.UntilAsync("the room is whole", () => client.Client.FindRoom("lobby") is { IsStale: false, Count: 1 });
    }

    [Fact]
    public async Task Join_Refused_ThrowsAndIsNotTriedAgain()
    {
        await using var client = Watcher.On(Options());
        var (_, connection) = await StartAsync(client);
        var joining = client.Client.JoinAsync("lobby");
        await connection.AnswerAsync("join", """{"type":"error","code":"forbidden","message":"The token does not allow this","retryable":false}""");

        Assert.Equal("forbidden", (await Assert.ThrowsAsync<PresenceException>(() => joining)).Code);
        Assert.Null(client.Client.FindRoom("lobby"));
    }

    [Fact]
    public async Task Subscription_RefusedForNowAfterALoss_IsTriedAgainAfterTheWait()
    {
        await using var client = Watcher.On(Options());
        await client.Client.WatchAsync(["ada"]);
        var (starting, connection) = await StartAsync(client);
        var refusal = """{"type":"error","code":"rate_limited","message":"Too many messages","retryable":true,"retryAfter":200}""";
        await connection.AnswerAsync("subscribe", refusal);
        await connection.AnswerAsync(
            "subscribe", """{"type":"presence_list","presences":[{"userId":"ada","status":"busy","lastSeen":null,"version":3}]}""");

        await client.TellsAsync("ada", "Busy");
        Assert.Equal("rate_limited", Assert.Single(client.Events.OfType<RequestFailed>()).Error.Code);
        Assert.True(starting.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Watch_OneOfEightyIsForbidden_TheOthersAreWatchedAndTheErrorNamesIt()
    {
        await using var client = Watcher.On(Options());
        var (_, connection) = await StartAsync(client);
        var watching = client.Client.WatchAsync(Enumerable.Range(0, 80).Select(i => $"user-{i}"));
        await connection.AnswerAsync("subscribe", Forbidden(17));
        var others = await connection.AnswerAsync("subscribe", """{"type":"presence_list","presences":[]}""");

        var refusal = await Assert.ThrowsAsync<PresenceException>(() => watching);
        Assert.Equal(("forbidden", "user-17"), (refusal.Code, Assert.Single(refusal.UserIds)));
        Assert.Equal(79, others.GetProperty("userIds").GetArrayLength());

        await connection.CloseAsync(1011);
        var next = await _server.WelcomeAsync();
        var again = await next.AnswerAsync("subscribe", """{"type":"presence_list","presences":[]}""");
        Assert.Equal(79, again.GetProperty("userIds").GetArrayLength());
    }

    [Fact]
    public async Task Subscription_OneIsForbiddenAfterALoss_TheOthersAreWatchedAndTheErrorIsAnEvent()
    {
        await using var client = Watcher.On(Options());
        await client.Client.WatchAsync(["ada", "bob"]);
        var (_, connection) = await StartAsync(client);
        await connection.AnswerAsync("subscribe", Forbidden(0));
        await connection.AnswerAsync(
            "subscribe", """{"type":"presence_list","presences":[{"userId":"bob","status":"busy","lastSeen":null,"version":3}]}""");

        await client.TellsAsync("bob", "Busy");
        await Wait.UntilAsync("the refusal is told", () => client.Events.OfType<RequestFailed>().Any());
        Assert.Equal(["ada"], Assert.Single(client.Events.OfType<RequestFailed>()).Error.UserIds);
    }

    [Fact]
    public async Task Refresh_TokenProviderGivesUp_IsAnEvent()
    {
        var options = Options();
        var asked = 0;
        options.TokenProvider = _ => ++asked == 1 ? new("token") : throw new TaskCanceledException("The token service timed out");
        await using var client = Watcher.On(options);
        var (_, connection) = await StartAsync(client);
        await connection.SayAsync("""{"type":"token_expiring","expiresAt":"2026-01-01T12:00:30Z"}""");

        await Wait.UntilAsync("the failure is told", () => client.Events.OfType<RequestFailed>().Any());
        Assert.Equal("token", Assert.Single(client.Events.OfType<RequestFailed>()).Error.Code);
    }

    [Fact]
    public async Task Refresh_ProviderThatNeverAnswers_DoesNotKeepTheClientFromComingBack()
    {
        var options = Options();
        var asked = 0;
        options.TokenProvider = _ => ++asked == 2 ? new(new TaskCompletionSource<string>().Task) : new("token");
        await using var client = Watcher.On(options);
        var (_, connection) = await StartAsync(client);
        await connection.SayAsync("""{"type":"token_expiring","expiresAt":"2026-01-01T12:00:30Z"}""");
        await Wait.UntilAsync("a token is asked for", () => Volatile.Read(ref asked) == 2);
        await connection.CloseAsync(1011);

        await _server.WelcomeAsync();
    }

    [Fact]
    public async Task Call_ConnectionEndsBeforeTheAnswer_ThrowsClosed()
    {
        await using var client = Watcher.On(Options());
        var (_, connection) = await StartAsync(client);
        var setting = client.Client.SetStatusAsync(PresenceStatus.Dnd);
        await connection.ReadAsync();
        await connection.CloseAsync(1011);

        var failure = await Assert.ThrowsAsync<PresenceException>(() => setting);
        Assert.Equal(("closed", true), (failure.Code, failure.IsRetryable));
    }

    [Fact]
    public async Task Message_UnknownOrBroken_IsPassedOver()
    {
        await using var client = Watcher.On(Options());
        var (_, connection) = await StartAsync(client);
        foreach (var message in new[] { "no json", "null", "[]", "{}", """{"type":"confetti","amount":3}""", """{"type":"presence_update"}""" })
        {
            await connection.SayAsync(message);
        }

        await connection.SayAsync("""{"type":"presence_update","presence":{"userId":"me","status":"dnd","lastSeen":null,"version":2,"mood":"new"}}""");

        await client.ShowsAsync("me", PresenceStatus.Dnd);
    }

    [Fact]
    public async Task Typing_IsAnEvent()
    {
        await using var client = Watcher.On(Options());
        var (_, connection) = await StartAsync(client);

        await connection.SayAsync("""{"type":"typing","roomId":"lobby","userId":"bob","typing":true}""");

        await Wait.UntilAsync("bob types", () => client.Events.Contains(new TypingChanged("lobby", "bob", IsTyping: true)));
    }

    [Fact]
    public async Task Policy_GivesUp_TheClientIsDone()
    {
        var options = Options();
        options.RetryPolicy = new Never();
        await using var client = Watcher.On(options);
        var (_, connection) = await StartAsync(client);
        await connection.CloseAsync(1011);

        Assert.Equal(1011, (await client.Client.Completion.WaitAsync(Wait.Deadline))!.CloseCode);
    }

    private static string Forbidden(int place) =>
        $$"""{"type":"error","code":"forbidden","message":"The token does not allow this","retryable":false,"refused":[{{place}}]}""";

    private PresenceClientOptions Options() => Watcher.Options(_server.Port, "me");

    private async Task<(Task Starting, ScriptedConnection Connection)> StartAsync(Watcher client)
    {
        var starting = client.Client.StartAsync();
        var connection = await _server.WelcomeAsync();
        await starting;
        return (starting, connection);
    }

    private sealed class Never : IPresenceRetryPolicy
    {
        public TimeSpan? NextRetryDelay(PresenceRetryContext context) => null;
    }
}
