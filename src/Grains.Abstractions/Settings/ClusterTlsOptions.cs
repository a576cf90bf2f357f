using Microsoft.Extensions.Hosting;
using Presence.Grains.Tls;

namespace Presence.Grains.Settings;

/// <summary>
/// TLS between the processes of a cluster, the same way for all of them or for none; configuration section <c>Presence:Cluster:Tls</c>. Off (the
/// default) as long as nothing of it is set. Files are read once, at start.
/// </summary>
[SettingsSection("Presence:Cluster:Tls")]
public sealed class ClusterTlsOptions : ICheckedOptions
{
    /// <summary>The certificate of this process: PEM, with those between it and the authority, or PKCS #12. Default empty.</summary>
    public string Certificate { get; set; } = "";

    /// <summary>The private key in PEM. Empty (the default): it is in the file of the certificate.</summary>
    [Secret]
    public string Key { get; set; } = "";

    /// <summary>Of the private key or of the PKCS #12 file; empty (the default) for one without. Never shown in a message.</summary>
    [Secret]
    public string Password { get; set; } = "";

    /// <summary>
    /// The certificates in PEM that whoever connects must come from. Names are not compared, for silos come and go with their addresses, so
    /// it should be an authority for this cluster alone. Default empty.
    /// </summary>
    public string Authority { get; set; } = "";

    /// <summary>Whether gateways and other clients must show a certificate too; silos always do. Default true.</summary>
    public bool Mutual { get; set; } = true;

    /// <summary>What was read from the files; null: no TLS.</summary>
    internal TlsIdentity? Identity { get; private set; }

    void ICheckedOptions.Check(SettingsErrors errors, IHostEnvironment environment)
    {
        if (Certificate.Length + Key.Length + Password.Length + Authority.Length > 0)
        {
            Identity = TlsFiles.Read(this, errors);
        }
    }
}
