using Xunit;

namespace Presence.Gateway.Tests.Authentication;

/// <summary>Tokens by a shared secret. Each refusal is checked by the reason that only the log holds.</summary>
public sealed class JwtAuthenticatorTests : IDisposable
{
    private readonly AuthenticatorFixture _fixture = AuthenticatorFixture.Jwt(("SharedSecret", Forge.Secret));

    [Fact]
    public async Task Authenticate_AGoodToken_IsItsSubjectUntilItExpires()
    {
        var identity = await _fixture.AuthenticateAsync(Forge.Hs256());

        Assert.Equal(new(Forge.User, Forge.Now.AddMinutes(10), null, null), identity);
        Assert.Equal(identity, await _fixture.AuthenticateAsync(Forge.Hs256(), Forge.User));
    }

    [Fact]
    public async Task Authenticate_AGoodTokenWithRights_HoldsThem()
    {
        var identity = await _fixture.AuthenticateAsync(Forge.Hs256(("watch", "[\"bob\",\"carol\",\"bob\"]"), ("rooms", "[]")));

        Assert.Equal(["bob", "carol"], identity!.Watch!.Order());
        Assert.Empty(identity.Rooms!);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("   .   .   ")]
    [InlineData("..")]
    [InlineData("a.b")]
    [InlineData("a.b.c.d")]
    [InlineData("e30.e30.")]
    [InlineData("bnVsbA.bnVsbA.bnVsbA")]
    [InlineData("W10.W10.W10")]
    public async Task Authenticate_WhatIsNoToken_IsRefused(string token) =>
        Assert.Matches("^(Malformed|Algorithm)$", await _fixture.RefusalAsync(token));

    [Fact]
    public async Task Authenticate_AGoodTokenWithPrefixOrSpaces_IsRefused()
    {
        Assert.Equal("Malformed", await _fixture.RefusalAsync("Bearer " + Forge.Hs256()));
        Assert.Equal("Malformed", await _fixture.RefusalAsync(Forge.Hs256() + " "));
        Assert.Equal("Malformed", await _fixture.RefusalAsync(Forge.Hs256() + "="));
        Assert.Equal("TooLong", await _fixture.RefusalAsync(Forge.Hs256(("x", $"\"{new string('x', 20_000)}\""))));
    }

    [Theory]
    [InlineData("sub", null, "Subject")]
    [InlineData("sub", "\"\"", "Subject")]
    [InlineData("sub", "1", "Subject")]
    [InlineData("sub", "[\"alice\"]", "Malformed")]
    [InlineData("sub", "\"a\\u0000\"", "Subject")]
    [InlineData("sub", "\"\\ud800\"", "Malformed")]
    [InlineData("sub", "\"Alice\"", "OtherUser")]
    [InlineData("sub", "\"alice \"", "OtherUser")]
    [InlineData("exp", null, "Expiry")]
    [InlineData("exp", "\"1767270000\"", "Expiry")]
    [InlineData("exp", "\"2030-01-01T00:00:00Z\"", "Malformed")]
    [InlineData("exp", "1e18", "Expiry")]
    [InlineData("exp", "1e400", "Malformed")]
    [InlineData("exp", "9223372036854775807", "Expiry")]
    [InlineData("exp", "-1", "Expiry")]
    [InlineData("exp", "0", "Expiry")]
    [InlineData("exp", "null", "Malformed")]
    [InlineData("exp", "[1767270000]", "Malformed")]
    [InlineData("nbf", "\"now\"", "Malformed")]
    [InlineData("nbf", "1e18", "NotYetValid")]
    [InlineData("iat", "null", "Malformed")]
    [InlineData("iat", "\"1767268800\"", "NotYetValid")]
    [InlineData("aud", null, "Audience")]
    [InlineData("aud", "\"other\"", "Audience")]
    [InlineData("aud", "\"Presence\"", "Audience")]
    [InlineData("aud", "[]", "Audience")]
    [InlineData("aud", "[\"other\",\"presence2\"]", "Audience")]
    [InlineData("aud", "[[\"presence\"]]", "Malformed")]
    [InlineData("iss", null, "Issuer")]
    [InlineData("iss", "\"\"", "Issuer")]
    [InlineData("iss", "\"https://id.example/\"", "Issuer")]
    [InlineData("iss", "\"https://other.example\"", "Issuer")]
    [InlineData("iss", "[\"https://id.example\"]", "Malformed")]
    [InlineData("typ", "\"Refresh\"", "Type")]
    [InlineData("typ", "\"ID\"", "Type")]
    [InlineData("watch", "\"bob\"", "Rights")]
    [InlineData("watch", "[\"bob\",1]", "Rights")]
    [InlineData("rooms", "{}", "Rights")]
    [InlineData("rooms", "null", "Rights")]
    public async Task Authenticate_AWrongClaim_IsRefused(string claim, string? json, string refusal) =>
        Assert.Equal(refusal, await _fixture.RefusalAsync(Forge.Hs256((claim, json))));

    [Fact]
    public async Task Authenticate_ASubjectOf10KB_IsRefused() =>
        Assert.Equal("TooLong", await _fixture.RefusalAsync(Forge.Hs256(("sub", $"\"{new string('a', 10_000)}\""))));

    [Theory]
    [InlineData(128, "None")]
    [InlineData(129, "Subject")]
    public async Task Authenticate_ALongSubject_IsTakenUpToTheLimit(int length, string refusal) =>
        Assert.Equal(refusal, await _fixture.RefusalAsync(Forge.Hs256(("sub", $"\"{new string('a', length)}\"")), userId: null));

    [Theory]
    [InlineData("exp", -29, "None")]
    [InlineData("exp", -30, "Expiry")]
    [InlineData("exp", -31, "Expiry")]
    [InlineData("nbf", 30, "None")]
    [InlineData("nbf", 31, "NotYetValid")]
    [InlineData("iat", 30, "None")]
    [InlineData("iat", 31, "NotYetValid")]
    public async Task Authenticate_TimesAtTheEdgeOfTheSkew_AreTakenExactly(string claim, int seconds, string refusal) =>
        Assert.Equal(refusal, await _fixture.RefusalAsync(Forge.Hs256((claim, Forge.Seconds(seconds)))));

    [Fact]
    public async Task Authenticate_OneOfManyAudiences_IsTaken() =>
        Assert.Equal("None", await _fixture.RefusalAsync(Forge.Hs256(("aud", "[\"other\",\"presence\"]"))));

    [Theory]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("presence")]
    [InlineData("q3Vh8xJ2mN0pLz7RbT5cWy4KfD1gSa9F")]
    public async Task Authenticate_AnotherSecret_IsRefused(string secret) =>
        Assert.Equal("Signature", await _fixture.RefusalAsync(Forge.Sign(Forge.Header("HS256"), Forge.Payload(), Forge.Hmac(secret))));

    [Fact]
    public async Task Authenticate_ACutSignature_IsRefusedAtEveryLength()
    {
        var token = Forge.Hs256();
        for (var length = token.LastIndexOf('.') + 1; length < token.Length; length++)
        {
            Assert.Matches("^(Signature|Malformed)$", await _fixture.RefusalAsync(token[..length]));
        }
    }

    [Fact]
    public async Task Authenticate_OneBitChanged_IsRefusedWhereverItIs()
    {
        var token = Forge.Hs256();
        for (var i = 0; i < token.Length; i++)
        {
            var changed = token.ToCharArray();
            changed[i] ^= (char)1;

            Assert.NotEqual("None", await _fixture.RefusalAsync(new(changed)));
        }
    }

    [Fact]
    public async Task Authenticate_TheSpareBitsOfTheSignature_AreNotFree()
    {
        var token = Forge.Hs256();
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var taken = 0;
        foreach (var last in Alphabet)
        {
            taken += await _fixture.RefusalAsync(token[..^1] + last) == "None" ? 1 : 0;
        }

        Assert.Equal(1, taken);
    }

    [Fact]
    public async Task Authenticate_TheSignatureOfAnotherToken_IsRefused()
    {
        var (mine, other) = (Forge.Hs256(), Forge.Hs256(("sub", "\"bob\"")));

        Assert.Equal("Signature", await _fixture.RefusalAsync(mine[..mine.LastIndexOf('.')] + other[other.LastIndexOf('.')..]));
    }

    [Fact]
    public async Task Authenticate_AClaimGivenTwice_IsRefused()
    {
        var payload = Forge.Payload()[..^1] + ",\"sub\":\"alice\"}";

        Assert.Equal("Malformed", await _fixture.RefusalAsync(Forge.Sign(Forge.Header("HS256"), payload, Forge.Hmac(Forge.Secret))));
    }

    [Fact]
    public async Task Authenticate_WrongInEveryWay_TheSignatureIsWhatCounts()
    {
        var payload = Forge.Payload(("iss", "\"x\""), ("aud", "\"x\""), ("exp", "0"), ("sub", null));

        Assert.Equal("Signature", await _fixture.RefusalAsync(Forge.Sign(Forge.Header("HS256"), payload, Forge.Hmac("other"))));
    }

    [Fact]
    public async Task Authenticate_ARefusal_LogsOneLineWithoutTokenOrUser()
    {
        var token = Forge.Hs256(("exp", "1"));

        Assert.Null(await _fixture.AuthenticateAsync(token, Forge.User));

        var line = Assert.Single(_fixture.Log);
        Assert.Equal("A token was refused: Expiry.", line.Text);
    }

    public void Dispose() => _fixture.Dispose();
}
