using Presence.Grains.Settings;
using Presence.Grains.Tls;

namespace Presence.Silo.Tests;

/// <summary>Files with certificates, good and bad ones.</summary>
public sealed class TlsFilesTests : IDisposable
{
    private readonly Authority _authority = new();
    private readonly Authority _other = new();

    [Theory]
    [InlineData("PEM")]
    [InlineData("PKCS #12")]
    public void Read_ACertificateOfTheAuthority_IsTaken(string form)
    {
        var (file, password) = form == "PEM" ? (_authority.Issue("good"), "") : (_authority.IssuePkcs12("good", "hush"), "hush");

        Assert.Empty(Errors(new() { Certificate = file, Password = password, Authority = _authority.File }));
    }

    [Fact]
    public void Read_TheWrongPassword_IsRefused() => AssertRefused(
        new() { Certificate = _authority.IssuePkcs12("locked", "hush"), Password = "wrong", Authority = _authority.File }, "Certificate", "password");

    [Fact]
    public void Read_ACertificateOfAnotherAuthority_IsRefused() => AssertRefused(
        new() { Certificate = _other.Issue("stranger"), Authority = _authority.File }, "Certificate", "come from one in Presence:Cluster:Tls:Authority");

    [Fact]
    public void Read_ACertificateThatIsNoLongerValid_IsRefused() => AssertRefused(
        new() { Certificate = _authority.Issue("old", TimeSpan.FromHours(1)), Authority = _authority.File }, "Certificate", "valid now");

    [Fact]
    public void Read_ACertificateWithoutItsKey_IsRefused() => AssertRefused(
        new() { Certificate = _authority.File, Authority = _authority.File }, "Certificate", "private key");

    [Fact]
    public void Read_AnAuthorityThatIsNone_IsRefused()
    {
        var file = _authority.Issue("good");
        File.WriteAllText(Path.ChangeExtension(file, ".txt"), "no certificate");

        AssertRefused(new() { Certificate = file, Authority = Path.ChangeExtension(file, ".txt") }, "Authority", "certificates in PEM");
    }

    public void Dispose()
    {
        _authority.Dispose();
        _other.Dispose();
    }

    private static void AssertRefused(ClusterTlsOptions options, string key, string rule)
    {
        var line = Assert.Single(Errors(options));
        Assert.StartsWith($"Presence:Cluster:Tls:{key} is ", line, StringComparison.Ordinal);
        Assert.Contains(rule, line, StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Errors(ClusterTlsOptions options)
    {
        var errors = new SettingsErrors();
        var identity = TlsFiles.Read(options, errors);
        Assert.Equal(errors.Lines.Count == 0, identity is not null);
        return errors.Lines;
    }
}
