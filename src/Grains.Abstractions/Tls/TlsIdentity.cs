using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Presence.Grains.Tls;

/// <summary>Who this process is to the others of its cluster, and whom it takes for one of them.</summary>
/// <param name="certificate">Its own, with the private key.</param>
/// <param name="between">Those between it and the authority.</param>
/// <param name="authorities">Whom all come from.</param>
internal sealed class TlsIdentity(X509Certificate2 certificate, X509Certificate2Collection between, X509Certificate2Collection authorities)
{
    private readonly SslStreamCertificateContext _shown = SslStreamCertificateContext.Create(certificate, between, offline: true);

    /// <summary>Whether the own certificate comes from an authority that is trusted: if not, nobody else trusts it either.</summary>
    public bool IsTrusted
    {
        get
        {
            using var chain = new X509Chain { ChainPolicy = Policy() };
            chain.ChainPolicy.ExtraStore.AddRange(between);
            return chain.Build(certificate);
        }
    }

    public SslClientAuthenticationOptions ForClient() => new()
    {
        TargetHost = "",
        ClientCertificateContext = _shown,
        CertificateChainPolicy = Policy(),
        RemoteCertificateValidationCallback = static (_, _, _, errors) => IsFine(errors),
    };

    /// <param name="isMutual">Whether the other side must show a certificate.</param>
    public SslServerAuthenticationOptions ForServer(bool isMutual) => new()
    {
        ServerCertificateContext = _shown,
        ClientCertificateRequired = isMutual,
        CertificateChainPolicy = Policy(),
        RemoteCertificateValidationCallback = (_, certificate, _, errors) => (certificate is null && !isMutual) || IsFine(errors),
    };

    /// <summary>A certificate of the authority is trusted whatever name is in it.</summary>
    private static bool IsFine(SslPolicyErrors errors) => (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None;

    private X509ChainPolicy Policy()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }
}
