using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Presence.Harness.Processes;

/// <summary>Somebody who gives out certificates, as files in a folder of its own, which is removed at the end.</summary>
public sealed class Authority : IDisposable
{
    private const string AsServer = "1.3.6.1.5.5.7.3.1";
    private const string AsClient = "1.3.6.1.5.5.7.3.2";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("presence-tls-");
    private readonly X509Certificate2 _own;

    public Authority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=authority of a test", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        _own = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(2));
        File = Write("authority.pem", _own.ExportCertificatePem());
    }

    /// <summary>The certificate of the authority itself.</summary>
    public string File { get; }

    /// <summary>A new certificate with its key, both in PEM in one file.</summary>
    /// <param name="validFor">From yesterday on; more than a day for one that is valid now.</param>
    public string Issue(string name, TimeSpan? validFor = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new(AsServer), new(AsClient)], critical: false));
        var from = DateTimeOffset.UtcNow.AddDays(-1);
        using var certificate = request.Create(_own, from, from + (validFor ?? TimeSpan.FromDays(2)), RandomNumberGenerator.GetBytes(8));
        return Write($"{name}.pem", certificate.ExportCertificatePem() + '\n' + key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>A new certificate with its key as PKCS #12.</summary>
    public string IssuePkcs12(string name, string password)
    {
        using var certificate = X509Certificate2.CreateFromPemFile(Issue(name));
        var file = Path.Combine(_folder.FullName, $"{name}.p12");
        System.IO.File.WriteAllBytes(file, certificate.Export(X509ContentType.Pkcs12, password));
        return file;
    }

    public void Dispose()
    {
        _own.Dispose();
        _folder.Delete(recursive: true);
    }

    private string Write(string name, string text)
    {
        var file = Path.Combine(_folder.FullName, name);
        System.IO.File.WriteAllText(file, text);
        return file;
    }
}
