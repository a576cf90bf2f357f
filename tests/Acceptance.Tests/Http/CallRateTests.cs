using System.Net;

namespace Presence.Acceptance.Tests.Http;

/// <summary>How many calls a token may make: a user's as many as messages on a socket, a server's as many as it likes.</summary>
[Collection(nameof(JwtServer))]
public sealed class CallRateTests(JwtServer jwt) : ServerTests(jwt)
{
    private const int Many = 400;

    [Fact]
    public async Task Calls_OfOneUserAboveTheRate_AreRefusedForAWhileAndOthersAreNot()
    {
        var (alice, bob) = (NewUser(), NewUser());
        var answers = await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => CallAsync(Tokens.Make(alice))));

        var refused = answers.Where(answer => answer.Status == HttpStatusCode.TooManyRequests).ToList();
        Assert.InRange(refused.Count, 1, Many - 100);
        Assert.All(refused, answer => Assert.Equal(
            ("application/problem+json", "rate_limited", "Too many calls", "1"), (answer.Type, answer["code"], answer["detail"], answer.RetryAfter)));
        Assert.Equal(HttpStatusCode.OK, (await CallAsync(Tokens.Make(bob))).Status);
        await Until.TrueAsync(
            async () => (await CallAsync(Tokens.Make(alice))).Status == HttpStatusCode.OK, TimeSpan.FromSeconds(10), () => "Alice may not call again.");
    }

    [Fact]
    public async Task Calls_OfATrustedServer_AreNotCounted()
    {
        var token = Tokens.Make("back-end", claims: ("scope", "presence:server"));

        var answers = await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => CallAsync(token)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
    }

    private async Task<Answer> CallAsync(string token)
    {
        using var caller = new HttpCaller(Server, token);
        return await caller.GetAsync("v1/presence?userIds=somebody");
    }
}
