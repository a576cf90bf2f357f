using System.Net;
using Presence.Acceptance.Tests.Privacy;

namespace Presence.Acceptance.Tests.Http;

/// <summary>Killing silos, at a server that is the only one. The scopes are in <see cref="ScopeTests"/>.</summary>
[Collection(PrivacyGroup.Name)]
public sealed class SiloCallsTests(PrivacyServer privacy) : IDisposable
{
    private readonly HttpCaller _caller = new(privacy.Server, "operator");

    public void Dispose() => _caller.Dispose();

    [Theory]
    [InlineData("127.0.0.1:1")]
    [InlineData("%20")]
    [InlineData("a%2Fb")]
    public async Task Kill_OfAnUnknownSilo_IsNotFound(string address)
    {
        var answer = await KillAsync(address);

        Assert.Equal((HttpStatusCode.NotFound, "No silo has this address"), (answer.Status, answer["detail"]));
    }

    [Fact]
    public async Task Kill_OfTheOnlySilo_IsAConflictAndTheServerGoesOn()
    {
        var answer = await KillAsync(Uri.EscapeDataString(await AddressAsync(_caller)));

        Assert.Equal((HttpStatusCode.Conflict, "No other silo would be left"), (answer.Status, answer["detail"]));
        Assert.Equal(HttpStatusCode.OK, (await _caller.GetAsync("v1/stats")).Status);
    }

    [Fact]
    public async Task Kill_WhereTokensAreChecked_IsForbiddenForAnAdministratorToo()
    {
        await using var server = await PresenceServer.StartAsync(Tokens.Settings);
        using var caller = new HttpCaller(server, Tokens.Make("operator", claims: ("scope", "presence:admin")));

        await RefuseAsync(caller);
    }

    [Fact]
    public async Task Kill_InProductionWithGuests_IsForbidden()
    {
        await using var server = await PresenceServer.StartAsync(
            ("Auth:Insecure", "true"), ("DOTNET_ENVIRONMENT", "Production"), ("ASPNETCORE_ENVIRONMENT", "Production"));
        using var caller = new HttpCaller(server, "operator");

        await RefuseAsync(caller);
        Assert.False((await caller.GetAsync("page.json")).Json.GetProperty("killsSilos").GetBoolean());
    }

    private static async Task RefuseAsync(HttpCaller caller)
    {
        var answer = await caller.SendAsync("DELETE", $"v1/silos/{await AddressAsync(caller)}");

        Assert.Equal((HttpStatusCode.Forbidden, "forbidden"), (answer.Status, answer["code"]));
        Assert.Equal("Silos are killed only where environment and mode are Development", answer["detail"]);
    }

    private static async Task<string> AddressAsync(HttpCaller caller) =>
        Assert.Single((await caller.GetAsync("v1/stats")).Json.GetProperty("silos").EnumerateArray()).GetProperty("address").GetString()!;

    private Task<Answer> KillAsync(string address) => _caller.SendAsync("DELETE", $"v1/silos/{address}");
}
