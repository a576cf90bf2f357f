namespace Presence.Acceptance.Tests.BadInput;

/// <summary>Rows B78 to B84 and B109: who one is, and what one says of oneself.</summary>
[Collection(nameof(DefaultServer))]
public class SessionTests(DefaultServer fixture) : ServerTests(fixture)
{
    private const string StatusRule = "Invalid status. Must be one of: online, idle, away, busy, dnd, invisible";

    [Theory]
    [InlineData("""{"type":"set_status","status":"busy"}""")]
    [InlineData("""{"type":"subscribe","userIds":["watched"]}""")]
    [InlineData("""{"type":"unsubscribe","userIds":["watched"]}""")]
    [InlineData("""{"type":"get_presence","userIds":["watched"]}""")]
    [InlineData("""{"type":"heartbeat"}""")]
    [InlineData("""{"type":"refresh_token","token":"t"}""")]
    [InlineData("""{"type":"join","roomId":"r"}""")]
    [InlineData("""{"type":"typing_start","roomId":"r"}""")]
    [InlineData("""{"type":"nope"}""")]
    [InlineData("""{"type":"\ud800"}""")]
    public async Task B78_BeforeAuthenticate_IsNotAuthenticated(string text)
    {
        var user = NewUser();
        await using var client = await ConnectAsync();

        await client.SendTextAsync(text);

        Outcome.IsError(await client.NextAsync(), "unauthenticated", "Not authenticated");
        Assert.Equal("online", (await client.AuthenticateAsync(user)).Status);
        Assert.Empty(await client.FenceAsync());
    }

    [Fact]
    public async Task ErrorBudget_SixErrorsBeforeAuthenticate_ClosesWithBudgetExceeded()
    {
        await using var socket = await OpenAsync();

        await socket.SendAsync(Enumerable.Repeat(WireFrame.MakeText("null"), 20).SelectMany(f => f).ToArray());

        Assert.Equal(6, (await Outcome.ClosesAsync(socket, 4029)).Count);
    }

    [Fact]
    public async Task ErrorBudget_ElevenErrors_ClosesWithBudgetExceeded()
    {
        await using var socket = await OpenSignedInAsync();

        await socket.SendAsync(Enumerable.Repeat(WireFrame.MakeText("null"), 10).SelectMany(f => f).ToArray());
        for (var i = 0; i < 10; i++)
        {
            Assert.Contains("bad_json", (await socket.ReadDataAsync()).Text, StringComparison.Ordinal);
        }

        await Outcome.IsServedAsync(socket);
        await socket.SendTextAsync("null");
        Assert.Single(await Outcome.ClosesAsync(socket, 4029));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task B79_B80_SecondAuthenticate_ChangesNothing(bool isSameUser)
    {
        var (user, other) = (NewUser(), NewUser("other"));
        await using var watcher = await SignInAsync();
        await watcher.SubscribeAsync(other);
        await using var client = await SignInAsync(user, "d1");

        Outcome.Error(
            await client.AskAsync(new { type = "authenticate", userId = isSameUser ? user : other, token = "t", device = new { id = "d2" } }),
            "already_authenticated");

        var own = Assert.Single(await client.AskAsync(new { type = "get_presence", userIds = new[] { user } })).Presences[0];
        Assert.Equal(1, own.GetProperty("connectionCount").GetInt32());
        Assert.Equal("d1", own.GetProperty("devices")[0].GetProperty("id").GetString());
        Assert.Empty(await watcher.FenceAsync());
    }

    [Fact]
    public async Task B81_Offline_CannotBeSet()
    {
        await using var client = await SignInAsync();

        Outcome.Error(
            await client.AskAsync("""{"type":"set_status","status":"offline"}"""), "invalid_status",
            "Cannot manually set status to offline while connected");
    }

    public static TheoryData<string> BadStatuses() =>
        ["\"ONLINE\"", "\"\"", "\" online\"", "\"online\\u0000\"", "null", "5", "{}", "[]", "true", "\"__proto__\"", $"\"{new string('s', 1024)}\"", "\"unknown\"", "0"];

    [Theory]
    [MemberData(nameof(BadStatuses))]
    public async Task B82_UnknownStatus_IsInvalid(string status)
    {
        await using var client = await SignInAsync();

        Outcome.Error(await client.AskAsync($$"""{"type":"set_status","status":{{status}}}"""), "invalid_status", StatusRule);
    }

    [Fact]
    public async Task B82_NoStatus_IsInvalid()
    {
        await using var client = await SignInAsync();

        Outcome.Error(await client.AskAsync("""{"type":"set_status"}"""), "invalid_status", StatusRule);
    }

    [Fact]
    public async Task B83_SameStatusAgain_IsAnsweredAndNotTold()
    {
        var user = NewUser();
        await using var watcher = await SignInAsync();
        await using var client = await SignInAsync(user);
        await client.SendAsync(new { type = "set_status", status = "busy" });
        var first = await client.ExpectUpdateAsync(user, "busy");
        await watcher.SubscribeAsync(user);

        await client.SendAsync(new { type = "set_status", status = "busy" });
        Assert.Equal("busy", (await client.ExpectAsync("status_updated"))["shown"]);
        await client.SendAsync(new { type = "set_status", status = "dnd" });

        var next = await watcher.ExpectAsync("presence_update");
        Assert.Equal("dnd", next.Status);
        Assert.Equal(first.Version + 1, next.Version);
    }

    [Fact]
    public async Task B84_StatusFlood_TenAreTakenAndTheLastOfThemShows()
    {
        var user = NewUser();
        await using var watcher = await SignInAsync();
        await watcher.SubscribeAsync(user);
        await using var client = await SignInAsync(user);
        var online = await watcher.ExpectUpdateAsync(user, "online");

        for (var i = 1; i <= 90; i++)
        {
            await client.SendAsync(new { type = "set_status", status = i is 2 or 4 or 6 or 8 or 10 ? "dnd" : "busy", id = i });
        }

        var replies = (await client.FenceAsync()).Where(m => m.Id.Length > 0).ToList();
        Assert.Equal(Enumerable.Range(1, 90).Select(i => $"{i}"), replies.Select(m => m.Id));
        Assert.All(replies.Take(10), reply => Assert.Equal("status_updated", reply.Type));
        Assert.All(replies.Skip(10), reply => Outcome.IsError(reply, "rate_limited"));
        Assert.All(replies.Skip(10), reply => Assert.InRange(reply.Json.GetProperty("retryAfter").GetInt32(), 1, 10_000));
        var last = await watcher.ExpectAsync("presence_update", m => m.Version == online.Version + 10);
        Assert.Equal("dnd", last.Status);
        Assert.InRange(watcher.Log.Count(line => line.Contains("presence_update", StringComparison.Ordinal)), 2, 4);
    }

    [Fact]
    public async Task B84_AfterAHundredRefusals_ClosesWithBudgetExceeded()
    {
        await using var socket = await OpenSignedInAsync();

        for (var i = 0; i < 150; i++)
        {
            await socket.TrySendAsync(WireFrame.MakeText($$"""{"type":"set_status","status":"{{(i < 10 && i % 2 == 1 ? "dnd" : "busy")}}"}"""));
        }

        await Outcome.ClosesAsync(socket, 4029);
    }

    [Fact]
    public async Task B99_HeartbeatForSomebodyElse_ProvesNothingOfThem()
    {
        var victim = NewUser("victim");
        await using var client = await SignInAsync();

        var ack = Assert.Single(await client.AskAsync(new { type = "heartbeat", userId = victim, timestamp = "2999-01-01T00:00:00Z", active = true }));

        Assert.InRange(ack.Json.GetProperty("timestamp").GetDateTimeOffset(), DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));
        var list = Assert.Single(await client.AskAsync(new { type = "get_presence", userIds = new[] { victim } }));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, list.Presences[0].GetProperty("lastSeen").ValueKind);
    }

    [Fact]
    public async Task B100_HeartbeatFlood_IsLimitedAndThenClosed()
    {
        await using var socket = await OpenSignedInAsync();

        await socket.TrySendAsync(Enumerable.Repeat(WireFrame.MakeText("""{"type":"heartbeat"}"""), 300).SelectMany(f => f).ToArray());

        var before = await Outcome.ClosesAsync(socket, 4029);
        Assert.Equal(101, before.Count(frame => frame.Text.Contains("rate_limited", StringComparison.Ordinal)));
        Assert.InRange(before.Count, 200, 250);
    }

    [Fact]
    public async Task B108_SameIdTwice_IsAnsweredTwice()
    {
        await using var client = await SignInAsync();

        Assert.Equal("7", Assert.Single(await client.AskAsync("""{"type":"heartbeat","id":7}""")).Id);
        Assert.Equal("7", Assert.Single(await client.AskAsync("""{"type":"heartbeat","id":7}""")).Id);
    }

    [Fact]
    public async Task B109_AuthenticateAndMoreInOneSegment_AreDoneInOrder()
    {
        var (user, other) = (NewUser(), NewUser("other"));
        await using var client = await ConnectAsync();

        await client.Socket.SendAsync(
            WireFrame.MakeText($$"""{"type":"authenticate","userId":"{{user}}","token":"t","id":1}""")
                .Concat(WireFrame.MakeText($$"""{"type":"subscribe","userIds":["{{other}}"],"id":2}"""))
                .Concat(WireFrame.MakeText("""{"type":"set_status","status":"dnd","id":3}""")).ToArray());

        Assert.Equal("1", (await client.ExpectAsync("authenticated")).Id);
        Assert.Equal("2", (await client.ExpectAsync("presence_list")).Id);
        Assert.Equal("dnd", (await client.ExpectAsync("status_updated"))["shown"]);
    }

    [Fact]
    public async Task B131_TwentyFirstConnection_IsRefusedAndTheOthersStay()
    {
        var user = NewUser();
        var all = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => SignInAsync(user, $"d{i}")));
        await using var socket = await OpenAsync();

        await socket.SendTextAsync($$$"""{"type":"authenticate","userId":"{{{user}}}","token":"t","device":{"id":"d20"}}""");

        Assert.Contains("limit_exceeded", Assert.Single(await Outcome.ClosesAsync(socket, 4510)).Text, StringComparison.Ordinal);
        foreach (var client in all)
        {
            await client.FenceAsync();
            await client.LeaveAsync();
            await client.DisposeAsync();
        }
    }
}
