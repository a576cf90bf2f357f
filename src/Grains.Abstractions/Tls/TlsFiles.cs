using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Presence.Grains.Settings;

namespace Presence.Grains.Tls;

/// <summary>Reads certificates and keys, and says what is wrong with each of them.</summary>
internal static class TlsFiles
{
    private const string Section = "Presence:Cluster:Tls:";

    /// <returns>Null when something is wrong.</returns>
    public static TlsIdentity? Read(ClusterTlsOptions options, SettingsErrors errors)
    {
        var own = ReadOwn(options, errors);
        var authorities = ReadAuthorities(options, errors);
        if (own is null || authorities is null)
        {
            return null;
        }

        var identity = new TlsIdentity(own[0], [.. own.Skip(1)], authorities);
        if (identity.IsTrusted)
        {
            return identity;
        }

        errors.Add(
            Section + nameof(options.Certificate), options.Certificate,
            $"come from one in {Section}{nameof(options.Authority)} and be valid now: it is from {own[0].NotBefore:u} to {own[0].NotAfter:u}");
        return null;
    }

    /// <returns>The process's own certificate with its key, then all others of the file; null when it cannot be read.</returns>
    private static X509Certificate2Collection? ReadOwn(ClusterTlsOptions options, SettingsErrors errors)
    {
        const string Rule = "be a file with a certificate in PEM or PKCS #12, whose private key is in it or in ";
        try
        {
            var bytes = File.ReadAllBytes(options.Certificate);
            var all = IsPem(bytes) ? ReadPem(options) : X509CertificateLoader.LoadPkcs12Collection(bytes, options.Password);
            if (all.FirstOrDefault(certificate => certificate.HasPrivateKey) is { } own)
            {
                return [own, .. all.Where(certificate => certificate != own)];
            }
        }
        catch (Exception e) when (IsWrongFile(e))
        {
            errors.Add(Section + nameof(options.Certificate), options.Certificate, $"{Rule}{Section}{nameof(options.Key)}, with the right password ({Reason(e)})");
            return null;
        }

        errors.Add(Section + nameof(options.Certificate), options.Certificate, $"{Rule}{Section}{nameof(options.Key)}");
        return null;
    }

    private static X509Certificate2Collection ReadPem(ClusterTlsOptions options)
    {
        var key = options.Key.Length > 0 ? options.Key : options.Certificate;
        using var own = options.Password.Length > 0
            ? X509Certificate2.CreateFromEncryptedPemFile(options.Certificate, options.Password, key)
            : X509Certificate2.CreateFromPemFile(options.Certificate, key);
        var all = new X509Certificate2Collection();
        all.ImportFromPemFile(options.Certificate);

        // Some systems do no TLS with a key that was never in a store of theirs.
        return [X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12), null), .. all.Where(other => other.Thumbprint != own.Thumbprint)];
    }

    private static X509Certificate2Collection? ReadAuthorities(ClusterTlsOptions options, SettingsErrors errors)
    {
        const string Rule = "be a file with the certificates in PEM that all others come from";
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(options.Authority);
            if (authorities.Count > 0)
            {
                return authorities;
            }

            errors.Add(Section + nameof(options.Authority), options.Authority, Rule);
        }
        catch (Exception e) when (IsWrongFile(e))
        {
            errors.Add(Section + nameof(options.Authority), options.Authority, $"{Rule} ({Reason(e)})");
        }

        return null;
    }

    private static bool IsPem(byte[] bytes) => bytes.AsSpan().IndexOf("-----BEGIN "u8) >= 0;

    private static bool IsWrongFile(Exception e) =>
        e is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException or NotSupportedException;

    private static string Reason(Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => "there is no such file",
        ArgumentException => "it is empty",
        IOException or UnauthorizedAccessException => "it cannot be read",
        _ => "it cannot be understood",
    };
}
