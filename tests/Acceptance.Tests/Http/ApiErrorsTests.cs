using Presence.Acceptance.Tests.Privacy;

namespace Presence.Acceptance.Tests.Http;

/// <summary>What is wrong with a call is answered by problem details, and changes nothing.</summary>
[Collection(PrivacyGroup.Name)]
public sealed class ApiErrorsTests(PrivacyServer privacy) : IDisposable
{
    private readonly HttpCaller _caller = new(privacy.Server, "back-end");

    public static TheoryData<string, string, string?, int, string, string> Wrong { get; } = new()
    {
        { "PUT", "v1/users/x/status", "{", 400, "bad_json", "Invalid JSON format" },
        { "PUT", "v1/users/x/status", "", 400, "bad_json", "Invalid JSON format" },
        { "PUT", "v1/users/x/status", "[]", 400, "bad_json", "Invalid JSON format" },
        { "PUT", "v1/users/x/status", "null", 400, "bad_json", "Invalid JSON format" },
        { "PUT", "v1/users/x/status", """{"status":"busy","status":"dnd"}""", 400, "bad_json", "Invalid JSON format" },
        { "PUT", "v1/users/x/status", """{"\ud800":1}""", 400, "bad_json", "Invalid JSON format" },
        { "PUT", "v1/users/x/status", $$"""{"a":{{new string('[', 5000)}}}""", 400, "bad_json", "Invalid JSON format" },
        { "PUT", "v1/users/x/status", "{}", 400, "invalid_status", "Invalid status. Must be one of: online, idle, away, busy, dnd, invisible" },
        { "PUT", "v1/users/x/status", """{"status":"offline"}""", 400, "invalid_status", "Cannot manually set status to offline while connected" },
        { "PUT", "v1/users/x/status", """{"status":"idle"}""", 400, "invalid_request", "status must not be idle: that is a device's" },
        { "PUT", "v1/users/x/status", """{"status":"busy","expiresAt":1}""", 400, "invalid_request", "expiresAt must be an ISO 8601 time in the future" },
        { "PUT", "v1/users/x/privacy", """{"showLastSeen":"all"}""", 400, "invalid_request", "showLastSeen must be one of: everyone, contacts, nobody" },
        { "PUT", "v1/users/x/contacts", """{"userIds":{}}""", 400, "invalid_request", "userIds must be an array" },
        { "PUT", "v1/users/x/contacts", """{"userIds":["1","2","3","4","5","6"]}""", 400, "limit_exceeded", "Privacy:MaxContacts is 5: nothing of this message was applied" },
        { "PUT", "v1/users/x/claims/call", """{"status":"online"}""", 400, "invalid_status", "Invalid status. Must be one of: away, busy, dnd, invisible" },
        { "PUT", "v1/users/x/claims/call", """{"status":"busy","text":7}""", 400, "invalid_request", "text must be a string of at most 140 characters" },
        { "PUT", "v1/users/x/claims/manual", """{"status":"busy"}""", 400, "invalid_request", "source must be one that is configured for servers" },
        { "DELETE", "v1/users/x/claims/..%2f", null, 400, "invalid_request", "source must be one that is configured for servers" },
        { "GET", "v1/presence", null, 400, "invalid_request", "userIds is required" },
        { "GET", "v1/presence?userIds=%00", null, 400, "invalid_request", "userIds must hold 1 to 128 characters, no control characters, not only white space" },
        { "GET", "v1/users/%20/presence", null, 400, "invalid_request", "id must hold 1 to 128 characters, no control characters, not only white space" },
        { "GET", "v1/users/x/presence?viewer=%01", null, 400, "invalid_request", "viewer must hold 1 to 128 characters, no control characters, not only white space" },
        { "GET", "v1/rooms/%20", null, 400, "invalid_request", "roomId must hold 1 to 128 characters, no control characters, not only white space" },
        { "DELETE", "v1/rooms/x/members/%20", null, 400, "invalid_request", "userId must hold 1 to 128 characters, no control characters, not only white space" },
        { "GET", "v1/events?after=-1", null, 400, "invalid_request", "after must be a whole number, 0 or more" },
        { "GET", "v1/events?after=now", null, 400, "invalid_request", "after must be a whole number, 0 or more" },
        { "GET", "v1/users/%20/timeline", null, 400, "invalid_request", "id must hold 1 to 128 characters, no control characters, not only white space" },
        { "DELETE", "v1/config", null, 405, "", "" },
        { "PUT", "v1/rooms/x", "{}", 405, "", "" },
        { "GET", "v1/nothing", null, 404, "", "" },
        { "GET", "api/nothing", null, 404, "", "" },
        { "POST", "v1/stats", "{}", 405, "", "" },
    };

    public void Dispose() => _caller.Dispose();

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task WrongCall_IsAProblem(string method, string path, string? body, int status, string code, string detail)
    {
        var answer = await _caller.SendAsync(method, path, body);

        Assert.Equal((status, "application/problem+json"), ((int)answer.Status, answer.Type));
        Assert.Equal((code, detail), (answer["code"], answer["detail"]));
    }

    [Fact]
    public async Task BodyOfAnotherType_IsRefused() =>
        Assert.Equal(415, (int)(await _caller.SendAsync("PUT", "v1/users/x/status", "status=busy", "application/x-www-form-urlencoded")).Status);

    [Fact]
    public async Task BodyTooLarge_IsRefused() =>
        Assert.Equal(413, (int)(await _caller.SendAsync("PUT", "v1/users/x/status", new string(' ', 2 << 20))).Status);

    [Fact]
    public async Task TooManyIds_AreRefused()
    {
        var ids = string.Join(',', Enumerable.Range(0, 1001));

        Assert.Equal("limit_exceeded", (await _caller.GetAsync($"v1/presence?userIds={ids}"))["code"]);
        Assert.Equal("limit_exceeded", (await _caller.SendAsync("POST", "v1/presence/query", $$"""{"userIds":[{{ids}}]}"""))["code"]);
    }
}
