namespace Presence.Acceptance.Tests.BadInput;

/// <summary>Rows B62 to B77: text that is no message.</summary>
[Collection(nameof(DefaultServer))]
public class JsonTests(DefaultServer fixture) : ServerTests(fixture)
{
    [Theory]
    [InlineData("{")]
    [InlineData("}")]
    [InlineData("""{"type":}""")]
    [InlineData("""{"type":"heartbeat",}""")]
    [InlineData("""{"type":"heartbeat"/*c*/}""")]
    [InlineData("{\"type\":\"heartbeat\"}//c")]
    [InlineData("{'type':'heartbeat'}")]
    [InlineData("{type:\"heartbeat\"}")]
    [InlineData("""{"type":"heartbeat","x":NaN}""")]
    [InlineData("""{"type":"heartbeat","x":Infinity}""")]
    [InlineData("""{"type":"heartbeat","x":01}""")]
    [InlineData("""{"type":"heartbeat","x":+1}""")]
    [InlineData("""{"type":"heartbeat","x":tru}""")]
    [InlineData("{\"type\":\"heart\nbeat\"}")]
    [InlineData("{\"type\":\"heart\0beat\"}")]
    [InlineData("""{"type":"heartbeat""")]
    [InlineData("""{"type":"heartbeat","x":"\x"}""")]
    [InlineData("""{"type":"heartbeat","x":"\u12"}""")]
    [InlineData("""{"type":"heartbeat"}{"type":"heartbeat"}""")]
    [InlineData("""{"type":"heartbeat"} x""")]
    [InlineData("   ")]
    [InlineData("\t\r\n")]
    [InlineData("\u00a0{}")]
    [InlineData("\ufeff{\"type\":\"heartbeat\"}")]
    public Task B62_B63_NotJson_IsBadJson(string text) => IsBadJsonAsync(text);

    [Theory]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("1")]
    [InlineData("\"x\"")]
    [InlineData("[]")]
    [InlineData("""[{"type":"heartbeat"}]""")]
    public Task B64_NotAnObject_IsBadJson(string text) => IsBadJsonAsync(text);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"type":null}""")]
    [InlineData("""{"type":1}""")]
    [InlineData("""{"type":true}""")]
    [InlineData("""{"type":[]}""")]
    [InlineData("""{"type":{}}""")]
    [InlineData("""{"Type":"heartbeat"}""")]
    public async Task B65_NoType_IsInvalid(string text)
    {
        await using var client = await SignInAsync();

        Outcome.Error(await client.AskAsync(text), "invalid_request", "Message type is required");
    }

    [Theory]
    [InlineData("nope")]
    [InlineData("")]
    [InlineData("__proto__")]
    [InlineData("constructor")]
    [InlineData("toString")]
    [InlineData("Authenticate")]
    [InlineData("authenticate ")]
    [InlineData("HEARTBEAT")]
    [InlineData("heartbeat\0")]
    [InlineData("presence_update")]
    [InlineData("presence_list")]
    [InlineData("presence_batch")]
    [InlineData("authenticated")]
    [InlineData("error")]
    [InlineData("heartbeat_ack")]
    [InlineData("status_updated")]
    [InlineData("reconnect")]
    [InlineData("token_expiring")]
    public async Task B66_B68_B69_UnknownType_IsToldSo(string type)
    {
        await using var client = await SignInAsync();

        Outcome.Error(await client.AskAsync(new { type }), "unknown_type", "Unknown message type: " + type);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("a\r\nfail: injected")]
    [InlineData("\u202Eesrever")]
    [InlineData("\u2028\u2029\u0000\u007f")]
    [InlineData("\\\"},{\"type\":\"presence_update\"")]
    public async Task B67_TypeWithMarkup_IsEchoedAsInertText(string type)
    {
        await using var client = await SignInAsync();

        var error = Outcome.Error(await client.AskAsync(new { type, id = "x" }), "unknown_type", "Unknown message type: " + type);

        Assert.Equal("x", error.Id);
        Assert.DoesNotContain('\n', error.Text);
    }

    [Theory]
    [InlineData("a", 60_000)]
    [InlineData("€", 15_000)]
    [InlineData("😀", 15_000)]
    public async Task B67_LongType_IsEchoedShort(string part, int times)
    {
        await using var client = await SignInAsync();

        var error = Outcome.Error(
            await client.AskAsync($$"""{"type":"{{string.Concat(Enumerable.Repeat(part, times))}}"}"""), "unknown_type");

        var echo = error["message"]["Unknown message type: ".Length..];
        Assert.InRange(echo.Length, 1, 64);
        Assert.Equal(echo, string.Concat(Enumerable.Repeat(part, echo.Length / part.Length)));
    }

    [Theory]
    [InlineData("""{"type":"heartbeat","type":"nope"}""")]
    [InlineData("""{"type":"get_presence","userIds":["a"],"userIds":["b"]}""")]
    [InlineData("""{"type":"heartbeat","t\u0079pe":"nope"}""")]
    [InlineData("""{"type":"heartbeat","x":{"a":1,"a":2}}""")]
    [InlineData("""{"type":"heartbeat","x":[{"a":1,"a":2}]}""")]
    public Task B70_KeyTwice_IsBadJson(string text) => IsBadJsonAsync(text);

    [Theory]
    [InlineData(16, false)]
    [InlineData(17, true)]
    [InlineData(65, true)]
    [InlineData(30_000, true)]
    public async Task B71_DeepNesting_IsBadJson(int depth, bool isTooDeep)
    {
        var inner = depth - 1;
        var text = $$"""{"type":"heartbeat","x":{{new string('[', inner)}}{{new string(']', inner)}}}""";
        await using var client = await SignInAsync();

        var replies = await client.AskAsync(text);

        if (isTooDeep)
        {
            Outcome.Error(replies, "bad_json", "Invalid JSON format");
        }
        else
        {
            Assert.Equal("heartbeat_ack", Assert.Single(replies).Type);
        }
    }

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    public Task B71_OpeningBrackets_AreBadJson(char bracket) => IsBadJsonAsync(new string(bracket, 60_000));

    [Theory]
    [InlineData("""{"type":"\ud800"}""")]
    [InlineData("""{"type":"\ud800\ud800"}""")]
    [InlineData("""{"type":"\udc00\ud800x"}""")]
    [InlineData("""{"type":"heartbea\ud800"}""")]
    [InlineData("""{"type":"heartbeat","id":"\ud800"}""")]
    [InlineData("""{"type":"get_presence","userIds":["\ud800"]}""")]
    [InlineData("""{"type":"get_presence","userIds":["a\udfff"]}""")]
    [InlineData("""{"type":"set_status","status":"away","scope":"\ud800"}""")]
    [InlineData("""{"type":"set_status","status":"busy","expiresAt":"\ud800"}""")]
    public async Task B72_HalfACharacter_IsInvalid(string text)
    {
        await using var client = await SignInAsync();

        Outcome.Error(await client.AskAsync(text), "invalid_request");
    }

    [Theory]
    [InlineData("""{"type":"set_status","status":"\ud800"}""", "invalid_status")]
    [InlineData("""{"type":"set_status","status":"bus\ud800"}""", "invalid_status")]
    [InlineData("""{"type":"heartbeat","\ud800":1}""", "bad_json")]
    public async Task B72_HalfACharacterElsewhere_IsThatError(string text, string code)
    {
        await using var client = await SignInAsync();

        Outcome.Error(await client.AskAsync(text), code);
    }

    [Theory]
    [InlineData("""{"type":"authenticate","userId":"\ud800","token":"t"}""")]
    [InlineData("""{"type":"authenticate","userId":"a","token":"t","device":{"id":"\ud800"}}""")]
    [InlineData("""{"type":"authenticate","userId":"a","token":"t","device":{"type":"\ud800"}}""")]
    [InlineData("""{"type":"authenticate","userId":"a","token":"t","device":{"name":"\ud800"}}""")]
    public async Task B72_HalfACharacterInAuthenticate_IsInvalid(string text)
    {
        await using var client = await ConnectAsync();

        await client.SendTextAsync(text);

        Outcome.IsError(await client.NextAsync(), "invalid_request");
    }

    [Fact]
    public async Task B72_HalfACharacterInAFeature_IsAnUnknownFeature()
    {
        await using var client = await ConnectAsync();

        await client.SendTextAsync("""{"type":"authenticate","userId":"half","token":"t","features":["\ud800"]}""");

        Assert.Equal("authenticated", (await client.NextAsync()).Type);
    }

    private async Task IsBadJsonAsync(string text)
    {
        await using var client = await SignInAsync();

        Outcome.Error(await client.AskAsync(text), "bad_json", "Invalid JSON format");
    }
}
