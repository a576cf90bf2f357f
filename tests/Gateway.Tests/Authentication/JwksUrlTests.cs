using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Presence.Gateway.Tests.Authentication;

/// <summary>Tokens by a private key; the public one is behind an address on this machine.</summary>
public sealed class JwksUrlTests : IAsyncLifetime, IDisposable
{
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly WebApplication _issuer;
    private string _keys = "";
    private HttpStatusCode _status = HttpStatusCode.OK;
    private int _requests;

    public JwksUrlTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _issuer = builder.Build();
        _issuer.Urls.Add("http://127.0.0.1:0");
        _issuer.MapGet("/keys", () =>
        {
            Interlocked.Increment(ref _requests);
            return Results.Text(_keys, statusCode: (int)_status);
        });
        _issuer.MapGet("/moved", () => Results.Redirect("/keys"));
    }

    [Fact]
    public async Task Authenticate_ManyTokens_FetchesTheKeysOnce()
    {
        using var fixture = Start();
        _keys = Forge.Jwks(Forge.Jwk(_rsa, "a"));

        var identities = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => fixture.AuthenticateAsync(Sign("a")).AsTask()));

        Assert.All(identities, Assert.NotNull);
        Assert.Equal(1, _requests);
    }

    [Fact]
    public async Task Authenticate_UnknownKids_FetchAtMostOnceIn30s()
    {
        using var fixture = Start();
        _keys = Forge.Jwks(Forge.Jwk(_rsa, "a"));
        Assert.Equal("None", await fixture.RefusalAsync(Sign("a")));

        _keys = Forge.Jwks(Forge.Jwk(_rsa, "a"), Forge.Jwk(_rsa, "b"));
        fixture.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal("Key", await fixture.RefusalAsync(Sign("b")));
        Assert.Equal(1, _requests);

        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("None", await fixture.RefusalAsync(Sign("b")));
        Assert.Equal("Key", await fixture.RefusalAsync(Sign("made up")));
        Assert.Equal(2, _requests);
    }

    [Fact]
    public async Task Authenticate_AKeyIsWithdrawn_ItsTokensAreRefusedAfterTenMinutes()
    {
        using var fixture = Start();
        _keys = Forge.Jwks(Forge.Jwk(_rsa, "a"));
        Assert.Equal("None", await fixture.RefusalAsync(Sign("a")));

        _keys = Forge.Jwks(Forge.Jwk(_rsa, "b"));
        fixture.Time.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal("Key", await fixture.RefusalAsync(Sign("a", Forge.Seconds(3_600))));
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError, "{\"keys\":[]}")]
    [InlineData(HttpStatusCode.OK, "<html>")]
    [InlineData(HttpStatusCode.OK, "{}")]
    public async Task Authenticate_TheIssuerFails_EveryTokenIsRefusedUntilItIsBack(HttpStatusCode status, string text)
    {
        using var fixture = Start();
        (_status, _keys) = (status, text);
        Assert.Equal("Key", await fixture.RefusalAsync(Sign("a")));
        Assert.Single(fixture.Log, line => line.Id.Id == 2422);

        (_status, _keys) = (HttpStatusCode.OK, Forge.Jwks(Forge.Jwk(_rsa, "a")));
        fixture.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("None", await fixture.RefusalAsync(Sign("a")));
    }

    [Fact]
    public async Task Authenticate_TheIssuerFailsLater_KnownKeysHoldForADay()
    {
        using var fixture = Start();
        _keys = Forge.Jwks(Forge.Jwk(_rsa, "a"));
        Assert.Equal("None", await fixture.RefusalAsync(Sign("a")));

        _status = HttpStatusCode.ServiceUnavailable;
        fixture.Time.Advance(TimeSpan.FromHours(23));
        Assert.Equal("None", await fixture.RefusalAsync(Sign("a", Forge.Seconds(100_000))));
        fixture.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal("Key", await fixture.RefusalAsync(Sign("a", Forge.Seconds(100_000))));
    }

    [Fact]
    public async Task Authenticate_TheAddressRedirects_IsNotFollowed()
    {
        using var fixture = Start("/moved");
        _keys = Forge.Jwks(Forge.Jwk(_rsa, "a"));

        Assert.Equal("Key", await fixture.RefusalAsync(Sign("a")));
        Assert.Equal(0, _requests);
    }

    public Task InitializeAsync() => _issuer.StartAsync();

    public async Task DisposeAsync() => await _issuer.DisposeAsync();

    public void Dispose() => _rsa.Dispose();

    private AuthenticatorFixture Start(string path = "/keys")
    {
        var addresses = _issuer.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        return AuthenticatorFixture.Jwt(("JwksUrl", addresses.Single() + path));
    }

    private string Sign(string kid, string? expiry = null) => Forge.Sign(
        Forge.Header("RS256", ("kid", $"\"{kid}\"")),
        expiry is null ? Forge.Payload() : Forge.Payload(("exp", expiry)),
        Forge.By(_rsa));
}
