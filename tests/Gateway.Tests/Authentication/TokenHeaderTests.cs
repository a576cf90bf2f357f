using Xunit;

namespace Presence.Gateway.Tests.Authentication;

/// <summary>Tokens that are right but for their header.</summary>
public sealed class TokenHeaderTests : IDisposable
{
    private readonly AuthenticatorFixture _fixture = AuthenticatorFixture.Jwt(("SharedSecret", Forge.Secret));

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("nOnE")]
    [InlineData("")]
    [InlineData("HS384")]
    [InlineData("hs256")]
    [InlineData("RS256")]
    public async Task Authenticate_AnotherAlgorithm_IsRefusedWithAndWithoutSignature(string algorithm)
    {
        var header = Forge.Header(algorithm);

        Assert.Equal("Algorithm", await _fixture.RefusalAsync(Forge.Sign(header, Forge.Payload(), Forge.Hmac(Forge.Secret))));
        Assert.Equal("Algorithm", await _fixture.RefusalAsync(Forge.Sign(header, Forge.Payload(), _ => [])));
        Assert.Equal("Malformed", await _fixture.RefusalAsync($"{Forge.Encode(header)}.{Forge.Encode(Forge.Payload())}"));
    }

    [Theory]
    [InlineData("\"../../dev/null\"")]
    [InlineData("\"' or 1=1\"")]
    [InlineData("\"https://evil.example/key\"")]
    [InlineData("\"unknown\"")]
    [InlineData("\"\"")]
    [InlineData("[\"a\"]")]
    [InlineData("null")]
    public async Task Authenticate_AHostileKid_IsRefused(string kid)
    {
        var header = Forge.Header("HS256", ("kid", kid));

        Assert.Equal("Key", await _fixture.RefusalAsync(Forge.Sign(header, Forge.Payload(), Forge.Hmac(Forge.Secret))));
        Assert.Equal("Key", await _fixture.RefusalAsync(Forge.Sign(header, Forge.Payload(), Forge.Hmac(""))));
    }

    [Theory]
    [InlineData("jku", "\"http://127.0.0.1:1/keys\"")]
    [InlineData("x5u", "\"http://127.0.0.1:1/cert\"")]
    [InlineData("jwk", "{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}")]
    [InlineData("x5c", "[\"MIIB\"]")]
    [InlineData("crit", "[\"exp\"]")]
    [InlineData("crit", "[\"http://example.com/unknown\"]")]
    [InlineData("crit", "[]")]
    [InlineData("b64", "false")]
    [InlineData("b64", "true")]
    [InlineData("zip", "\"DEF\"")]
    [InlineData("enc", "\"A128GCM\"")]
    public async Task Authenticate_AHeaderThatChangesTheRules_IsRefused(string name, string json) =>
        Assert.Equal(
            "ForbiddenHeader",
            await _fixture.RefusalAsync(
                Forge.Sign(Forge.Header("HS256", (name, json)), Forge.Payload(), Forge.Hmac(Forge.Secret))));

    [Theory]
    [InlineData("\"JWT\"", "None")]
    [InlineData("\"jwt\"", "None")]
    [InlineData("\"at+jwt\"", "None")]
    [InlineData(null, "None")]
    [InlineData("\"refresh+jwt\"", "Type")]
    [InlineData("\"id_token\"", "Type")]
    [InlineData("\"JWE\"", "Type")]
    [InlineData("\"\"", "Type")]
    [InlineData("1", "Type")]
    [InlineData("null", "Type")]
    public async Task Authenticate_AType_IsThatOfAnAccessToken(string? typ, string refusal) =>
        Assert.Equal(
            refusal,
            await _fixture.RefusalAsync(Forge.Sign(Forge.Header("HS256", ("typ", typ)), Forge.Payload(), Forge.Hmac(Forge.Secret))));

    [Fact]
    public async Task Authenticate_AnEncryptedToken_IsRefused()
    {
        var header = Forge.Encode("{\"alg\":\"dir\",\"enc\":\"A128CBC-HS256\",\"zip\":\"DEF\",\"cty\":\"JWT\"}");

        Assert.Equal("Malformed", await _fixture.RefusalAsync($"{header}..AAAAAAAAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA"));
    }

    [Fact]
    public async Task Authenticate_ATokenInAToken_IsRefused() =>
        Assert.Equal(
            "Malformed",
            await _fixture.RefusalAsync(Forge.Sign(Forge.Header("HS256", ("cty", "\"JWT\"")), Forge.Hs256(), Forge.Hmac(Forge.Secret))));

    public void Dispose() => _fixture.Dispose();
}
