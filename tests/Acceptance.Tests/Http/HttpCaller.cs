using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Presence.Acceptance.Tests.Http;

/// <summary>Calls by HTTP with somebody's token.</summary>
internal sealed class HttpCaller : IDisposable
{
    private readonly HttpClient _http = new();

    public HttpCaller(PresenceServer server, string? token)
    {
        _http.BaseAddress = new Uri($"http://127.0.0.1:{server.Port}/");
        _http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
    }

    public Task<Answer> GetAsync(string path) => SendAsync("GET", path);

    public Task<Answer> PutAsync(string path, string json) => SendAsync("PUT", path, json);

    public async Task<Answer> SendAsync(string method, string path, string? body = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, type);

            // Who refuses a large body closes the connection while the rest still comes, and the answer may be lost: so ask first (RFC 9110, 10.1.1).
            request.Headers.ExpectContinue = body.Length > 1 << 20;
        }

        using var answer = await _http.SendAsync(request);
        return new(answer.StatusCode, answer.Content.Headers.ContentType?.MediaType ?? "", await answer.Content.ReadAsStringAsync())
        {
            RetryAfter = answer.Headers.RetryAfter?.ToString(),
        };
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>What came back.</summary>
internal sealed record Answer(HttpStatusCode Status, string Type, string Text)
{
    public string? RetryAfter { get; init; }

    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public string this[string name] => Json.TryGetProperty(name, out var value) ? value.ToString() : "";
}
