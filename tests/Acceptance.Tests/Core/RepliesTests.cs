using System.Globalization;
using System.Text.Json;

namespace Presence.Acceptance.Tests.Core;

[Collection(CoreGroup.Name)]
public sealed class RepliesTests(CoreServer core)
{
    private readonly string _alice = Names.New("alice");

    [Fact]
    public async Task Authenticate_Reply_HoldsEveryNamedField()
    {
        await using var client = await PresenceClient.ConnectAsync(core.Server);

        var reply = await client.AuthenticateAsync(_alice, device: "tab");

        Assert.Equal(
            ["type", "userId", "presence", "connectionId", "deviceId", "heartbeatInterval", "heartbeatTimeout", "serverTime"], Fields(reply.Json));
        Assert.Equal((_alice, "tab"), (reply["userId"], reply["deviceId"]));
        Assert.Equal((20_000, 45_000), (reply.Json.GetProperty("heartbeatInterval").GetInt32(), reply.Json.GetProperty("heartbeatTimeout").GetInt32()));
        Assert.InRange(Time(reply["serverTime"]), DateTimeOffset.UtcNow.AddSeconds(-10), DateTimeOffset.UtcNow.AddSeconds(1));
        Assert.NotEmpty(reply["connectionId"]);
    }

    [Fact]
    public async Task Authenticate_Reply_ShowsTheUserWithItsDevices()
    {
        await using var client = await PresenceClient.ConnectAsync(core.Server);
        await client.SendAsync(new { type = "authenticate", userId = _alice, token = "t", device = new { id = "d", type = "mobile", name = "My phone" } });

        var presence = (await client.ExpectAsync("authenticated")).Presence;

        Assert.Equal(["userId", "status", "lastSeen", "version", "connectedAt", "connectionCount", "devices"], Fields(presence));
        Assert.Equal(1, presence.GetProperty("connectionCount").GetInt32());
        var device = presence.GetProperty("devices")[0];
        Assert.Equal(["id", "type", "name", "status", "connectedAt"], Fields(device));
        Assert.Equal(
            ("d", "mobile", "My phone", "online"),
            (Text(device, "id"), Text(device, "type"), Text(device, "name"), Text(device, "status")));
    }

    [Fact]
    public async Task Authenticate_WithoutADevice_TheServerMakesOneUp()
    {
        await using var first = await PresenceClient.ConnectAsync(core.Server);
        await using var second = await PresenceClient.ConnectAsync(core.Server);

        var ids = new[] { (await first.AuthenticateAsync(_alice))["deviceId"], (await second.AuthenticateAsync(_alice))["deviceId"] };

        Assert.DoesNotContain("", ids);
        Assert.NotEqual(ids[0], ids[1]);
    }

    [Theory]
    [InlineData("online", "online")]
    [InlineData("idle", "idle")]
    [InlineData("away", "away")]
    [InlineData("busy", "busy")]
    [InlineData("dnd", "dnd")]
    [InlineData("invisible", "offline")]
    public async Task SetStatus_Reply_SaysWhatWasAskedAndWhatIsShown(string status, string shown)
    {
        await using var client = await PresenceClient.SignInAsync(core.Server, _alice);

        await client.SendAsync(new { type = "set_status", status });
        var reply = await client.ExpectAsync("status_updated");

        Assert.Equal(["type", "status", "shown"], Fields(reply.Json));
        Assert.Equal((status, shown), (reply["status"], reply["shown"]));
    }

    [Fact]
    public async Task Heartbeat_Reply_IsTheServersTime()
    {
        await using var client = await PresenceClient.SignInAsync(core.Server, _alice);

        await client.SendAsync(new { type = "heartbeat" });
        var reply = await client.ExpectAsync("heartbeat_ack");

        Assert.Equal(["type", "timestamp"], Fields(reply.Json));
        Assert.InRange(Time(reply["timestamp"]), DateTimeOffset.UtcNow.AddSeconds(-10), DateTimeOffset.UtcNow.AddSeconds(1));
    }

    [Theory]
    [InlineData("get_presence")]
    [InlineData("subscribe")]
    public async Task Lists_OneEntryForEachIdInTheOrderAsked(string type)
    {
        var (bob, nobody) = (Names.New("bob"), Names.New("nobody"));
        await using var online = await PresenceClient.SignInAsync(core.Server, bob);
        await using var client = await PresenceClient.SignInAsync(core.Server, _alice);

        await client.SendAsync(new { type, userIds = new[] { nobody, bob, nobody, _alice, bob } });
        var list = (await client.ExpectAsync("presence_list")).Presences;

        Assert.Equal([nobody, bob, _alice], list.Select(entry => Text(entry, "userId")));
        Assert.Equal(["userId", "status", "lastSeen", "version"], Fields(list[0]));
        Assert.Equal(("offline", JsonValueKind.Null, 0), (Text(list[0], "status"), list[0].GetProperty("lastSeen").ValueKind, Version(list[0])));
        Assert.Equal(["userId", "status", "lastSeen", "version"], Fields(list[1]));
        Assert.Equal("online", Text(list[1], "status"));
        Assert.True(Version(list[1]) > 0);
        Assert.Contains("devices", Fields(list[2]));
    }

    [Fact]
    public async Task Lists_NoIds_AreEmpty()
    {
        await using var client = await PresenceClient.SignInAsync(core.Server, _alice);

        var replies = await client.AskAsync(new { type = "get_presence", userIds = Array.Empty<string>() });

        Assert.Empty(Assert.Single(replies).Presences);
    }

    [Theory]
    [InlineData("\"a string\"")]
    [InlineData("\"\"")]
    [InlineData("7")]
    [InlineData("-9007199254740993")]
    public async Task Id_OfAnyMessage_IsEchoedByItsReplyAndByItsError(string id)
    {
        await using var client = await PresenceClient.ConnectAsync(core.Server);
        string[] messages =
        [
            "\"type\":\"heartbeat\"", $"\"type\":\"authenticate\",\"userId\":\"{_alice}\",\"token\":\"t\"", "\"type\":\"heartbeat\"",
            "\"type\":\"set_status\",\"status\":\"busy\"", "\"type\":\"set_status\",\"status\":\"blue\"", "\"type\":\"get_presence\",\"userIds\":[]",
            "\"type\":\"subscribe\",\"userIds\":[\"x\"]", "\"type\":\"unsubscribe\",\"userIds\":[\"x\"]", "\"type\":\"nope\"",
        ];
        string[] replies =
            ["error", "authenticated", "heartbeat_ack", "status_updated", "error", "presence_list", "presence_list", "unsubscribed", "error"];

        for (var i = 0; i < messages.Length; i++)
        {
            await client.SendTextAsync($"{{{messages[i]},\"id\":{id}}}");
            var reply = await client.ExpectAsync(replies[i]);
            Assert.Equal(id, reply.Json.GetProperty("id").GetRawText());
        }
    }

    [Fact]
    public async Task Unsubscribe_IsAnsweredOnlyWhenItHasAnId()
    {
        await using var client = await PresenceClient.SignInAsync(core.Server, _alice);

        Assert.Empty(await client.AskAsync(new { type = "unsubscribe", userIds = new[] { "x" } }));
        var reply = Assert.Single(await client.AskAsync(new { type = "unsubscribe", userIds = new[] { "x", "y", "x" }, id = 1 }));

        Assert.Equal(["type", "userIds", "id"], Fields(reply.Json));
        Assert.Equal("[\"x\",\"y\"]", reply["userIds"]);
    }

    [Fact]
    public async Task UnknownFields_Anywhere_AreIgnored()
    {
        await using var client = await PresenceClient.SignInAsync(core.Server, _alice);

        var reply = (await client.AskAsync(
            """{"type":"set_status","status":"busy","userId":"victim","connectionCount":9,"lastSeen":"1970-01-01T00:00:00Z","x":{"y":[1]}}"""))
            .Single(message => message.Type == "status_updated");

        Assert.Equal(["type", "status", "shown"], Fields(reply.Json));
        await client.SendAsync(new { type = "get_presence", userIds = new[] { "victim" } });
        Assert.Equal(0, Version((await client.ExpectAsync("presence_list")).Presences[0]));
    }

    private static IEnumerable<string> Fields(JsonElement json) => json.EnumerateObject().Select(property => property.Name);

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private static long Version(JsonElement presence) => presence.GetProperty("version").GetInt64();

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
