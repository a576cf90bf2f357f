using Presence.Client.Tests.Harness;

namespace Presence.Client.Tests;

/// <summary>The server takes somebody out of a room, or off the watch, without being asked.</summary>
public sealed class TakenOutTests : IAsyncDisposable
{
    private const string State = """{"type":"room_state","roomId":"lobby","version":1,"count":1,"members":[{"userId":"bob","status":"online","joinedAt":"2026-01-01T12:00:00Z"}]}""";

    private readonly ScriptedServer _server = new();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Left_Unasked_EmptiesTheRoom_TellsAndIsNotJoinedAgain()
    {
        await using var client = Watcher.On(Watcher.Options(_server.Port, "me"));
        var connection = await StartAsync(client);
        var joining = client.Client.JoinAsync("lobby");
        await connection.AnswerAsync("join", State);
        await joining;
        Assert.True(client.Client.FindRoom("lobby") is { IsMember: true, Count: 1 });

        await connection.SayAsync("""{"type":"left","roomId":"lobby"}""");

        await Wait.UntilAsync(
            "the room is empty",
            () => client.Events.OfType<RoomChanged>().LastOrDefault()?.Room is { IsMember: false, Count: 0, Members.Count: 0, IsStale: true });
        Assert.True(client.Client.FindRoom("lobby") is { IsMember: false, Count: 0 });

        await connection.CloseAsync(1011);
        var next = await _server.WelcomeAsync();
        await Wait.UntilAsync("it is back", () => client.Client.State == PresenceConnectionState.Connected);
        var query = client.Client.QueryAsync(["bob"]);
        await next.AnswerAsync("get_presence", """{"type":"presence_list","presences":[]}"""); // fails on any message before it
        await query;

        var again = client.Client.JoinAsync("lobby");
        await next.AnswerAsync("join", State);
        await again;
        Assert.True(client.Client.FindRoom("lobby") is { IsMember: true, Count: 1 });
    }

    [Fact]
    public async Task Unwatched_OfWhoIsAlsoAMember_LeavesTheRoomAsItIs()
    {
        await using var client = Watcher.On(Watcher.Options(_server.Port, "me"));
        var connection = await StartAsync(client);
        var joining = client.Client.JoinAsync("lobby");
        await connection.AnswerAsync("join", State);
        var watching = client.Client.WatchRoomAsync("lobby");
        await connection.AnswerAsync("watch_room", State);
        await Task.WhenAll(joining, watching);

        await connection.SayAsync("""{"type":"left","roomId":"lobby"}""");
        await Wait.UntilAsync("it only looks on", () => client.Client.FindRoom("lobby") is { IsMember: false, Count: 1 });
        await connection.SayAsync("""{"type":"unwatched","roomId":"lobby"}""");
        await Wait.UntilAsync("nothing is left", () => client.Client.FindRoom("lobby") is { Count: 0, Members.Count: 0 });
    }

    [Fact]
    public async Task Left_BeforeTheAnswerToAJoin_IsOfAnEarlierTime()
    {
        await using var client = Watcher.On(Watcher.Options(_server.Port, "me"));
        var connection = await StartAsync(client);
        var joining = client.Client.JoinAsync("lobby");

        await connection.SayAsync("""{"type":"left","roomId":"lobby"}""");
        await connection.AnswerAsync("join", State);
        await joining;

        Assert.True(client.Client.FindRoom("lobby") is { IsMember: true, Count: 1 });
    }

    private async Task<ScriptedConnection> StartAsync(Watcher client)
    {
        var starting = client.Client.StartAsync();
        var connection = await _server.WelcomeAsync();
        await starting;
        return connection;
    }
}
