using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Presence.Faults;

/// <summary>A cluster whose processes speak TLS among themselves, and strangers who want to be of it.</summary>
[Collection(Direct.Name)]
public sealed class TlsTests(DirectCluster direct) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Authority _other = new();

    private Cluster Cluster => direct.Cluster;

    public Task InitializeAsync() => direct.MendAsync();

    public Task DisposeAsync()
    {
        _other.Dispose();
        return Task.CompletedTask;
    }

    [Fact(Timeout = Times.Limit)]
    public async Task Trusted_UsersAreServedByTwoGateways()
    {
        await using var alice = await PresenceClient.SignInAsync(Cluster.Gateways[0], Names.New("alice"));
        var watched = Names.New("watched");
        await using var client = await PresenceClient.SignInAsync(Cluster.Gateways[1], watched);
        await alice.SubscribeAsync(watched);
        await client.SendAsync(new { type = "set_status", status = "busy" });
        await alice.ExpectUpdateAsync(watched, "busy", Times.Delivery);
    }

    /// <summary>With a certificate of another authority, without one, without TLS.</summary>
    [Fact(Timeout = Times.Limit)]
    public async Task Strangers_AreNotLetIn()
    {
        await using var gateway = new GatewayProcess("stranger", [.. Cluster.Settings, .. direct.TlsSettings(_other.Issue("stranger"), _other.File)]);
        await using var plain = new GatewayProcess("plain", [.. Cluster.Settings, .. direct.TlsSettings("", "")]);
        GatewayProcess[] strangers = [gateway, plain];
        Array.ForEach(strangers, stranger => stranger.Launch());
        using var certificate = X509Certificate2.CreateFromPemFile(_other.Issue("silo"));
        foreach (var port in (int[])[Cluster.Silos[0].SiloPort, Cluster.Silos[0].GatewayPort])
        {
            await AssertCutOffAsync(port, []);
            await AssertCutOffAsync(port, [certificate]);
        }

        await Until.TrueAsync(() => Array.TrueForAll(strangers, IsInVain), Patience, () => $"{gateway.Output}\n{plain.Output}");
        Assert.All(await Task.WhenAll(strangers.Select(stranger => stranger.ProbeAsync())), status => Assert.NotEqual(200, status));

        static bool IsInVain(GatewayProcess stranger) => stranger.Output.Lines.Any(line => line.Contains("No silo can be reached yet", StringComparison.Ordinal));
    }

    /// <summary>Who takes part in TLS without the right certificate hears nothing but the end.</summary>
    private static async Task AssertCutOffAsync(int port, X509CertificateCollection certificates)
    {
        using var client = new TcpClient();
        using var timeout = new CancellationTokenSource(Patience);
        await client.ConnectAsync("127.0.0.1", port, timeout.Token);
        await using var tls = new SslStream(client.GetStream());
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    ClientCertificates = certificates,
                    RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
                },
                timeout.Token);
            Assert.Equal(0, await tls.ReadAsync(new byte[1], timeout.Token));
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            // Cut off with an alert or a reset.
        }
    }
}
