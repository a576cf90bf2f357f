using System.Net;

namespace Presence.Acceptance.Tests.Http;

/// <summary>Which pages may call: the same as may open a socket.</summary>
[Collection(nameof(DefaultServer))]
public sealed class CrossOriginTests(DefaultServer fixture) : ServerTests(fixture)
{
    private const string Allowed = "https://app.example.com";

    private static readonly HttpClient Http = new();

    [Fact]
    public async Task Preflight_OfAnAllowedPage_NamesWhatItMayDo()
    {
        using var answer = await SendAsync(HttpMethod.Options, "v1/users/alice/status", Allowed, "PUT");

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(Allowed, Header(answer, "Access-Control-Allow-Origin"));
        Assert.Equal("GET, POST, PUT, DELETE", Header(answer, "Access-Control-Allow-Methods"));
        Assert.Equal("authorization, content-type", Header(answer, "Access-Control-Allow-Headers"));
        Assert.Equal("600", Header(answer, "Access-Control-Max-Age"));
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task Call_OfAnAllowedPage_IsAnsweredAndReadable_ErrorsToo()
    {
        using var good = await SendAsync(HttpMethod.Get, "v1/presence?userIds=alice", Allowed, token: "bob");
        using var bad = await SendAsync(HttpMethod.Get, "v1/presence?userIds=alice", Allowed);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (good.StatusCode, bad.StatusCode));
        Assert.Equal((Allowed, Allowed), (Header(good, "Access-Control-Allow-Origin"), Header(bad, "Access-Control-Allow-Origin")));
        Assert.Equal("Origin", Header(good, "Vary"));
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [InlineData("https://app.example.com.evil.example")]
    [InlineData("http://app.example.com")]
    public async Task Call_OfAnotherPage_IsRefusedAndDoesNothing(string origin)
    {
        var alice = Names.New("alice");
        using var preflight = await SendAsync(HttpMethod.Options, $"v1/users/{alice}/status", origin, "PUT");
        using var call = await SendAsync(HttpMethod.Put, "api/settings/presence", origin, token: alice, body: """{"showLastSeen":"nobody"}""");

        foreach (var answer in new[] { preflight, call })
        {
            Assert.Equal((HttpStatusCode.Forbidden, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
            Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
        }

        await using var client = await SignInAsync(alice);
        await client.SendAsync(new { type = "get_privacy" });
        Assert.Equal("everyone", (await client.ExpectAsync("privacy")).Json.GetProperty("privacy").GetProperty("showLastSeen").GetString());
    }

    [Fact]
    public async Task Call_OfTheOwnPageOrOfAProgram_NeedsNoSetting()
    {
        using var own = await SendAsync(HttpMethod.Get, "v1/presence?userIds=alice", $"http://127.0.0.1:{Server.Port}", token: "bob");
        using var program = await SendAsync(HttpMethod.Get, "v1/presence?userIds=alice", null, token: "bob");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (own.StatusCode, program.StatusCode));
        Assert.Equal("Origin", Header(program, "Vary"));
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string? origin, string? asks = null, string? token = null, string? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri($"http://127.0.0.1:{Server.Port}/{path}"));
        Add("Origin", origin);
        Add("Access-Control-Request-Method", asks);
        Add("Authorization", token is null ? null : "Bearer " + token);
        request.Content = body is null ? null : new StringContent(body);
        return await Http.SendAsync(request);

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }
    }

    private static string Header(HttpResponseMessage answer, string name) => string.Join(", ", answer.Headers.GetValues(name));
}
