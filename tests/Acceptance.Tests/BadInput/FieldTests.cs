using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Presence.Acceptance.Tests.BadInput;

/// <summary>Rows B73 to B77 and B85 to B96: fields out of their rule, and ids that look like something else.</summary>
[Collection(nameof(DefaultServer))]
public class FieldTests(DefaultServer fixture) : ServerTests(fixture)
{
    [Theory]
    [InlineData("\0")]
    [InlineData("a\u0001")]
    [InlineData("a\u001f")]
    [InlineData("a\u007f")]
    [InlineData("a\u0085")]
    [InlineData("x\r\nFLUSHALL\r\n")]
    [InlineData(" ")]
    [InlineData("\u2028\u00a0")]
    public async Task B73_ControlCharacterInAnId_IsInvalid(string userId)
    {
        await using var client = await SignInAsync();
        await using var stranger = await ConnectAsync();

        Outcome.Error(await client.AskAsync(new { type = "get_presence", userIds = new[] { userId } }), "invalid_request");
        Outcome.Error(await client.AskAsync(new { type = "subscribe", userIds = new[] { userId } }), "invalid_request");
        await stranger.SendAsync(new { type = "authenticate", userId, token = "t" });
        Outcome.IsError(await stranger.NextAsync(), "invalid_request");
    }

    [Theory]
    [InlineData("""{"type":"heartbeat","id":1e999999}""")]
    [InlineData("""{"type":"heartbeat","id":1.5}""")]
    [InlineData("""{"type":"heartbeat","id":9223372036854775808}""")]
    [InlineData("""{"type":"heartbeat","id":{}}""")]
    [InlineData("""{"type":"heartbeat","id":[1]}""")]
    [InlineData("""{"type":"heartbeat","id":true}""")]
    [InlineData("""{"type":"heartbeat","active":1}""")]
    [InlineData("""{"type":"heartbeat","active":"true"}""")]
    [InlineData("""{"type":"subscribe","userIds":["a"],"known":{"a":1e999999}}""")]
    [InlineData("""{"type":"subscribe","userIds":["a"],"known":{"a":1.5}}""")]
    [InlineData("""{"type":"subscribe","userIds":["a"],"known":{"a":-1}}""")]
    [InlineData("""{"type":"subscribe","userIds":["a"],"known":{"a":"1"}}""")]
    [InlineData("""{"type":"subscribe","userIds":["a"],"known":["a"]}""")]
    [InlineData("""{"type":"set_status","status":"busy","expiresAt":1}""")]
    [InlineData("""{"type":"set_status","status":"busy","expiresAt":"2001-01-01T00:00:00Z"}""")]
    [InlineData("""{"type":"set_status","status":"busy","expiresAt":"tomorrow"}""")]
    [InlineData("""{"type":"set_status","status":"busy","expiresAt":"9999-99-99T99:99:99Z"}""")]
    [InlineData("""{"type":"set_status","status":"busy","expiresAt":"2999-01-01T00:00:00"}""")]
    [InlineData("""{"type":"set_status","status":"online","expiresAt":"2999-01-01T00:00:00Z"}""")]
    [InlineData("""{"type":"set_status","status":"away","scope":"world"}""")]
    [InlineData("""{"type":"set_status","status":"away","scope":1}""")]
    [InlineData("""{"type":"refresh_token","token":1,"id":{}}""")]
    public async Task B74_FieldOutOfItsRule_IsInvalid(string text)
    {
        await using var client = await SignInAsync();

        Outcome.Error(await client.AskAsync(text), "invalid_request");
    }

    [Fact]
    public async Task B74_HugeNumbers_AreInvalidInAKnownFieldAndIgnoredInAnother()
    {
        var digits = new string('9', 400);
        await using var client = await SignInAsync();

        Outcome.Error(await client.AskAsync($$"""{"type":"heartbeat","id":{{digits}}}"""), "invalid_request");
        Outcome.Error(await client.AskAsync($$$"""{"type":"subscribe","userIds":["a"],"known":{"a":{{{digits}}}}}"""), "invalid_request");
        var ack = Assert.Single(await client.AskAsync($$"""{"type":"heartbeat","x":{{digits}},"y":1e999999,"z":-1e-999999}"""));

        Assert.Equal("heartbeat_ack", ack.Type);
    }

    [Fact]
    public async Task IdOfAMessage_OfSixtyFourCharacters_ComesBackAndALongerOneIsRefused()
    {
        var id = new string('é', 64);
        await using var client = await SignInAsync();

        Assert.Equal(id, Assert.Single(await client.AskAsync(new { type = "heartbeat", id })).Id);
        Assert.Equal("", Outcome.Error(await client.AskAsync(new { type = "heartbeat", id = id + "x" }), "invalid_request").Id);
        Assert.Equal(long.MinValue, Assert.Single(await client.AskAsync(new { type = "heartbeat", id = long.MinValue })).Json.GetProperty("id").GetInt64());
    }

    [Fact]
    public async Task B75_B76_ExtraFields_HaveNoEffect()
    {
        var (user, victim) = (NewUser(), NewUser("victim"));
        await using var other = await SignInAsync(victim);
        await using var client = await SignInAsync(user);

        var reply = Assert.Single(
            await client.AskAsync(
                $$"""
                {"type":"set_status","status":"busy","userId":"{{victim}}","connectionCount":9,"lastSeen":"2001-01-01T00:00:00Z",
                "version":999999,"isAdmin":true,"__proto__":{"status":"dnd"},"constructor":1}
                """),
            m => m.Type != "presence_update");
        var list = Assert.Single(
            await client.AskAsync(new { type = "get_presence", userIds = new[] { victim } }), m => m.Type != "presence_update");

        Assert.Equal("status_updated", reply.Type);
        Assert.Equal("online", list.Presences[0].GetProperty("status").GetString());
        Assert.Empty(await other.FenceAsync());
        var own = Assert.Single(
            await client.AskAsync(new { type = "get_presence", userIds = new[] { user } }), m => m.Type != "presence_update").Presences[0];
        Assert.Equal("busy", own.GetProperty("status").GetString());
        Assert.Equal(1, own.GetProperty("connectionCount").GetInt32());
        Assert.DoesNotContain("isAdmin", own.GetRawText(), StringComparison.Ordinal);
        Assert.True(own.GetProperty("version").GetInt64() < 999_999);
    }

    [Fact]
    public async Task B77_TenThousandKeys_AreQuicklyDone()
    {
        var keys = string.Join(',', Enumerable.Range(0, 6200).Select(i => $"\"{i:x}\":1"));
        var text = $$"""{"type":"heartbeat",{{keys}}}""";
        Assert.InRange(Encoding.UTF8.GetByteCount(text), 50_000, 65_536);
        await using var client = await SignInAsync();
        await client.AskAsync(text);
        var fastest = TimeSpan.MaxValue;

        for (var i = 0; i < 10; i++)
        {
            var began = Stopwatch.GetTimestamp();
            Assert.Equal("heartbeat_ack", Assert.Single(await client.AskAsync(text)).Type);
            var took = Stopwatch.GetElapsedTime(began);
            fastest = took < fastest ? took : fastest;
        }

        Assert.InRange(fastest.TotalMilliseconds, 0, 50); // What it costs, not how busy the machine is.
    }

    [Theory]
    [InlineData("")]
    [InlineData(""","userIds":null""")]
    [InlineData(""","userIds":"a" """)]
    [InlineData(""","userIds":{}""")]
    [InlineData(""","userIds":7""")]
    public async Task B85_UserIdsIsNoArray_IsInvalid(string field)
    {
        await using var client = await SignInAsync();

        foreach (var type in new[] { "get_presence", "subscribe", "unsubscribe" })
        {
            Outcome.Error(await client.AskAsync($$"""{"type":"{{type}}"{{field}}}"""), "invalid_request", "userIds must be an array");
        }
    }

    [Theory]
    [InlineData("get_presence")]
    [InlineData("subscribe")]
    public async Task B86_NoIds_GiveAnEmptyList(string type)
    {
        await using var client = await SignInAsync();

        Assert.Empty(Assert.Single(await client.AskAsync(new { type, userIds = Array.Empty<string>() })).Presences);
    }

    public static TheoryData<string> BadIds() => ["null", "1", "\"\"", "[]", "{}", "true", $"\"{new string('a', 129)}\"", "\"\\ud800\""];

    [Theory]
    [MemberData(nameof(BadIds))]
    public async Task B87_OneBadId_NothingIsApplied(string badId)
    {
        var user = NewUser();
        await using var client = await SignInAsync();

        Outcome.Error(await client.AskAsync($$"""{"type":"subscribe","userIds":["{{user}}",{{badId}}]}"""), "invalid_request");

        await using var other = await SignInAsync(user);
        Assert.Empty(await client.FenceAsync());
    }

    [Fact]
    public async Task LongestUserId_IsAccepted()
    {
        var user = NewUser().PadRight(128, 'x');
        await using var client = await SignInAsync(user);

        Assert.Equal(user, Assert.Single(await client.AskAsync(new { type = "get_presence", userIds = new[] { user } })).Presences[0].GetProperty("userId").GetString());
    }

    [Theory]
    [InlineData("*")]
    [InlineData("presence:*")]
    [InlineData("a:b/c")]
    [InlineData("{tag}")]
    [InlineData("../../etc/passwd")]
    [InlineData("'; --")]
    [InlineData("%00")]
    [InlineData("😀")]
    [InlineData("\"")]
    [InlineData("\\")]
    [InlineData("<b>")]
    [InlineData("\u2028x")]
    [InlineData("null")]
    [InlineData("__proto__")]
    public async Task B92_B94_StrangeId_IsALiteralOfSomebodyUnknown(string userId)
    {
        await using var client = await SignInAsync();

        var list = Assert.Single(await client.AskAsync(new { type = "subscribe", userIds = new[] { userId } }));

        var expected = JsonSerializer.SerializeToElement(new { userId, status = "offline", lastSeen = (string?)null, version = 0 });
        Assert.True(JsonElement.DeepEquals(expected, Assert.Single(list.Presences)), list.Text);
    }

    [Fact]
    public async Task B93_IdsThatLookAlike_AreDifferentUsers()
    {
        var user = NewUser("caf\u00e9");
        string[] alike = [user.Replace("\u00e9", "e\u0301", StringComparison.Ordinal), user.ToUpperInvariant(), user + " ", user + "\u200d", " " + user];
        await using var client = await SignInAsync();
        await client.SubscribeAsync([user, .. alike]);

        await using var other = await SignInAsync(user);

        Assert.Equal(user, (await client.NextAsync()).UserId);
        var list = Assert.Single(await client.AskAsync(new { type = "get_presence", userIds = alike }));
        Assert.All(list.Presences, presence => Assert.Equal("offline", presence.GetProperty("status").GetString()));
        Assert.Equal(alike, list.Presences.Select(presence => presence.GetProperty("userId").GetString()));
    }

    [Theory]
    [InlineData("unsubscribe")]
    public async Task B96_UnsubscribeOfNothing_IsNoError(string type)
    {
        await using var client = await SignInAsync();

        Assert.Empty(await client.AskAsync(new { type, userIds = new[] { "never" } }));
        Assert.Equal("unsubscribed", Assert.Single(await client.AskAsync(new { type, userIds = new[] { "never" }, id = 1 })).Type);
    }
}
