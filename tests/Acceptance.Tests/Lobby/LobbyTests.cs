using System.Text.Json;

namespace Presence.Acceptance.Tests.Lobby;

/// <summary>How many are online, and who. Each test has a server of its own: everybody else would be counted too.</summary>
public sealed class LobbyTests : IAsyncLifetime
{
    private const int Limit = 3;

    private PresenceServer _server = null!;

    public async Task InitializeAsync() => _server = await PresenceServer.StartAsync(
        ("UpdateWindow", "50ms"), ("GracePeriod", "1s"), ("LobbyRosterLimit", $"{Limit}"));

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Users_StateThenWhoComesAndGoes()
    {
        await using var alice = await PresenceClient.SignInAsync(_server, "alice");
        await alice.SendAsync(new { type = "subscribe_lobby", mode = "users", id = 3 });
        var state = await alice.ExpectAsync("lobby_state", reply => reply.Id == "3");
        Assert.Equal(("1", "alice", ""), (state["online"], string.Join(' ', Ids(state, "users")), state["truncated"]));
        Assert.Equal("online", state.Json.GetProperty("users")[0].GetProperty("status").GetString());

        var bob = await PresenceClient.SignInAsync(_server, "bob");
        var joined = await alice.ExpectAsync("lobby_update");
        await bob.LeaveAsync();
        await bob.DisposeAsync();
        var left = await alice.ExpectAsync("lobby_update");

        Assert.Equal(("2", "bob"), (joined["online"], Ids(joined, "joined").Single()));
        Assert.True(joined.Json.GetProperty("joined")[0].GetProperty("version").GetInt64() > 0);
        Assert.Equal(("1", "bob", ""), (left["online"], Ids(left, "left").Single(), left["joined"]));
        await alice.SendAsync(new { type = "unsubscribe_lobby", id = 4 });
        await alice.ExpectAsync("lobby_unsubscribed", reply => reply.Id == "4");
    }

    [Fact]
    public async Task Count_HearsTheCountAlone_AndInvisibleIsNotCounted()
    {
        await using var alice = await PresenceClient.SignInAsync(_server, "alice");
        await alice.SendAsync(new { type = "subscribe_lobby", mode = "count" });
        Assert.Equal("""{"type":"lobby_state","online":1}""", (await alice.ExpectAsync("lobby_state")).Text);

        await using var bob = await PresenceClient.SignInAsync(_server, "bob");
        Assert.Equal("""{"type":"lobby_update","online":2}""", (await alice.ExpectAsync("lobby_update")).Text);
        await bob.SendAsync(new { type = "set_status", status = "invisible" });
        Assert.Equal("""{"type":"lobby_update","online":1}""", (await alice.ExpectAsync("lobby_update")).Text);
        await bob.SendAsync(new { type = "set_status", status = "busy" });
        Assert.Equal("""{"type":"lobby_update","online":2}""", (await alice.ExpectAsync("lobby_update")).Text);
    }

    [Fact]
    public async Task Users_MoreThanTheLimit_AreCounted_AndListedAgainWhenFewEnough()
    {
        await using var alice = await PresenceClient.SignInAsync(_server, "alice");
        await alice.SendAsync(new { type = "subscribe_lobby", mode = "users" });
        await alice.ExpectAsync("lobby_state");
        var guests = await Task.WhenAll(Enumerable.Range(0, Limit).Select(i => PresenceClient.SignInAsync(_server, $"guest {i}")));

        var many = await alice.ExpectAsync("lobby_update", update => update["online"] == $"{Limit + 1}");
        Assert.Equal(("True", "", ""), (many["truncated"], many["joined"], many["left"]));
        await using var bob = await PresenceClient.SignInAsync(_server, "bob");
        await alice.ExpectAsync("lobby_update", update => update["online"] == $"{Limit + 2}");
        await bob.SendAsync(new { type = "subscribe_lobby", mode = "users" });
        var state = await bob.ExpectAsync("lobby_state", reply => reply["online"] == $"{Limit + 2}");
        Assert.Equal(("True", Limit), (state["truncated"], Ids(state, "users").Distinct().Count()));

        foreach (var guest in guests)
        {
            await guest.LeaveAsync();
            await guest.DisposeAsync();
        }

        // Few enough again: the list is told anew, and then who goes.
        var users = new HashSet<string>();
        while (!users.SetEquals(["alice", "bob"]))
        {
            var message = await alice.ExpectAsync("lobby_state");
            users = [.. Ids(message, "users")];
            Assert.Equal(message["online"], $"{users.Count}");
            while (users.Count > 2)
            {
                users.ExceptWith(Ids(await alice.ExpectAsync("lobby_update"), "left"));
            }
        }
    }

    [Fact]
    public async Task Lost_IsOnlineUntilTheGraceIsOver()
    {
        await using var alice = await PresenceClient.SignInAsync(_server, "alice");
        await using var bob = await PresenceClient.SignInAsync(_server, "bob", "tab");
        await alice.SendAsync(new { type = "subscribe_lobby", mode = "users" });
        await alice.ExpectAsync("lobby_state", state => state["online"] == "2");
        bob.Socket.Abort();
        await using var back = await PresenceClient.SignInAsync(_server, "bob", "tab");
        await using var carol = await PresenceClient.SignInAsync(_server, "carol");

        Assert.Equal("carol", Ids(await alice.ExpectAsync("lobby_update"), "joined").Single());
        back.Socket.Abort();
        Assert.Equal("bob", Ids(await alice.ExpectAsync("lobby_update"), "left").Single());
    }

    [Theory]
    [InlineData("\"all\"")]
    [InlineData("7")]
    public async Task Mode_Unknown_IsInvalid(string mode)
    {
        await using var alice = await PresenceClient.SignInAsync(_server, "alice");

        Outcome.Error(
            await alice.AskAsync($$"""{"type":"subscribe_lobby","mode":{{mode}}}"""), "invalid_request", "mode must be one of: count, users");
    }

    private static List<string> Ids(Received message, string list) => message.Json.TryGetProperty(list, out var users)
        ? [.. users.EnumerateArray().Select(u => u.ValueKind == JsonValueKind.String ? u.GetString()! : u.GetProperty("userId").GetString()!)]
        : [];
}
