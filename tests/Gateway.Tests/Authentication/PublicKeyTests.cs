using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Presence.Gateway.Tests.Authentication;

/// <summary>Tokens by a private key; the public one is in a file.</summary>
public sealed class PublicKeyTests : IDisposable
{
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly ECDsa _ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly string _file = Path.GetTempFileName();

    [Fact]
    public async Task Authenticate_Rs256AndEs256_AreTakenWhereTheyArePinned()
    {
        using var rsa = Start("RS256", Forge.Jwk(_rsa, "r"), Forge.Jwk(_ec, "e"));
        using var ec = Start("ES256", Forge.Jwk(_rsa, "r"), Forge.Jwk(_ec, "e"));

        Assert.Equal("None", await rsa.RefusalAsync(Rs256("r")));
        Assert.Equal("None", await rsa.RefusalAsync(Rs256(kid: null)));
        Assert.Equal("Algorithm", await rsa.RefusalAsync(Es256("e")));
        Assert.Equal("None", await ec.RefusalAsync(Es256("e")));
        Assert.Equal("Algorithm", await ec.RefusalAsync(Rs256("r")));
    }

    [Theory]
    [InlineData("RS256", "r")]
    [InlineData("ES256", "e")]
    public async Task Authenticate_ThePublicKeyAsSecret_IsRefused(string pinned, string kid)
    {
        using var fixture = Start(pinned, Forge.Jwk(_rsa, "r"), Forge.Jwk(_ec, "e"));
        string[] secrets =
        [
            await File.ReadAllTextAsync(_file),
            _rsa.ExportSubjectPublicKeyInfoPem(), _rsa.ExportRSAPublicKeyPem(), _ec.ExportSubjectPublicKeyInfoPem(),
            Forge.Jwk(_rsa, "r").ToJsonString(), Forge.Jwk(_ec, "e").ToJsonString(), "",
        ];

        foreach (var secret in secrets)
        {
            Assert.Equal("Algorithm", await fixture.RefusalAsync(Sign("HS256", kid, Forge.Hmac(secret))));
            Assert.Equal("Signature", await fixture.RefusalAsync(Sign(pinned, kid, Forge.Hmac(secret))));
        }
    }

    [Fact]
    public async Task Authenticate_ASecretInTheKeySet_IsNoKey()
    {
        var secret = new JsonObject { ["kty"] = "oct", ["kid"] = "s", ["k"] = Forge.Encode(Forge.Secret) };
        using var fixture = Start("RS256", Forge.Jwk(_rsa, "r"), secret);

        Assert.Equal("Key", await fixture.RefusalAsync(Sign("RS256", "s", Forge.Hmac(Forge.Secret))));
    }

    [Fact]
    public async Task Authenticate_EmptyOrZeroSignatures_AreRefused()
    {
        using var ec = Start("ES256", Forge.Jwk(_ec, "e"));
        byte[][] signatures =
        [
            [], [0], new byte[64], new byte[63], new byte[65],
            [0x30, 0x06, 0x02, 0x01, 0x00, 0x02, 0x01, 0x00], // the same zeros as DER
            [.. Enumerable.Repeat((byte)255, 64)],
        ];

        foreach (var signature in signatures)
        {
            Assert.Equal("Signature", await ec.RefusalAsync(Sign("ES256", "e", _ => signature)));
        }
    }

    [Theory]
    [InlineData("../../dev/null")]
    [InlineData("' or 1=1")]
    [InlineData("https://evil.example/key")]
    [InlineData("R")]
    [InlineData("")]
    public async Task Authenticate_AKidThatIsNotInTheSet_IsRefusedThoughTheKeyIsRight(string kid)
    {
        using var fixture = Start("RS256", Forge.Jwk(_rsa, "r"));

        Assert.Equal("Key", await fixture.RefusalAsync(Rs256(kid)));
    }

    [Fact]
    public async Task Authenticate_AKeyInTheHeader_IsNotUsed()
    {
        using var fixture = Start("RS256", Forge.Jwk(_rsa, "r"));
        using var attacker = RSA.Create(2048);
        var header = Forge.Header("RS256", ("jwk", Forge.Jwk(attacker, "r").ToJsonString()));

        Assert.Equal("ForbiddenHeader", await fixture.RefusalAsync(Forge.Sign(header, Forge.Payload(), Forge.By(attacker))));
        Assert.Equal("Signature", await fixture.RefusalAsync(Sign("RS256", "r", Forge.By(attacker))));
    }

    [Fact]
    public async Task Authenticate_AKeyForAnotherUseOrTooShort_IsNoKey()
    {
        using var weak = RSA.Create(1024);
        var (encrypting, other, hasty) = (Forge.Jwk(_rsa, "enc"), Forge.Jwk(_rsa, "alg"), Forge.Jwk(_ec, "bad"));
        encrypting["use"] = "enc";
        other["alg"] = "RS512";
        hasty["kty"] = 1;
        using var fixture = Start("RS256", encrypting, other, hasty, Forge.Jwk(weak, "weak"), Forge.Jwk(_rsa, "good"));

        Assert.Equal("Key", await fixture.RefusalAsync(Rs256("enc")));
        Assert.Equal("Key", await fixture.RefusalAsync(Rs256("alg")));
        Assert.Equal("Key", await fixture.RefusalAsync(Sign("RS256", "weak", Forge.By(weak))));
        Assert.Equal("None", await fixture.RefusalAsync(Rs256("good")));
    }

    [Fact]
    public async Task Authenticate_TheFileChanges_NewKeysHoldWithinASecondWithoutRestart()
    {
        using var next = RSA.Create(2048);
        using var fixture = Start("RS256", Forge.Jwk(_rsa, "old"));
        var (old, fresh) = (Rs256("old"), Sign("RS256", "new", Forge.By(next)));
        Assert.Equal("None", await fixture.RefusalAsync(old));

        Write(Forge.Jwk(_rsa, "old"), Forge.Jwk(next, "new"));
        Assert.Equal("Key", await fixture.RefusalAsync(fresh));
        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("None", await fixture.RefusalAsync(fresh));
        Assert.Equal("None", await fixture.RefusalAsync(old));

        Write(Forge.Jwk(next, "new"));
        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("Key", await fixture.RefusalAsync(old));
        Assert.Equal("None", await fixture.RefusalAsync(fresh));
    }

    [Fact]
    public async Task Authenticate_TheFileIsHalfWrittenOrGone_KnownKeysStayAndItIsLoggedOnce()
    {
        using var fixture = Start("RS256", Forge.Jwk(_rsa, "r"));
        Assert.Equal("None", await fixture.RefusalAsync(Rs256("r")));

        await File.WriteAllTextAsync(_file, "{\"keys\":[");
        for (var i = 0; i < 3; i++)
        {
            fixture.Time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal("None", await fixture.RefusalAsync(Rs256("r")));
        }

        File.Delete(_file);
        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("None", await fixture.RefusalAsync(Rs256("r")));
        Assert.Equal(2, fixture.Log.Count(line => line.Id.Id == 2422));
    }

    public void Dispose()
    {
        _rsa.Dispose();
        _ec.Dispose();
        File.Delete(_file);
    }

    private AuthenticatorFixture Start(string algorithm, params JsonObject[] keys)
    {
        Write(keys);
        return AuthenticatorFixture.Jwt(("JwksFile", _file), ("Algorithm", algorithm));
    }

    private void Write(params JsonObject[] keys) => File.WriteAllText(_file, Forge.Jwks(keys));

    private string Rs256(string? kid) => Sign("RS256", kid, Forge.By(_rsa));

    private string Es256(string? kid) => Sign("ES256", kid, Forge.By(_ec));

    private static string Sign(string algorithm, string? kid, Func<byte[], byte[]> sign) => Forge.Sign(
        Forge.Header(algorithm, ("kid", kid is null ? null : JsonSerializer.Serialize(kid))), Forge.Payload(), sign);
}
