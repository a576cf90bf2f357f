using System.Diagnostics;

namespace Presence.Harness.Processes;

/// <summary>The standalone program.</summary>
public sealed class PresenceServer : PresenceProcess, IEndpoint
{
    private PresenceServer(int port, (string, string)[] settings)
        : base("The server", "Standalone", Ports.Free(), [("DataFile", ""), .. settings]) => Port = port;

    public int Port { get; }

    /// <summary>Where it speaks TLS; 0: nowhere.</summary>
    public int TlsPort { get; private init; }

    /// <summary>Starts a server and waits until it is ready.</summary>
    /// <param name="settings">As <see cref="PresenceProcess"/> takes them, in place of the defaults of the tests.</param>
    public static Task<PresenceServer> StartAsync(params (string Key, string Value)[] settings) => StartAtAsync(Ports.Free(), settings);

    /// <summary>Starts a server at a port, such as that of one that was stopped before.</summary>
    public static Task<PresenceServer> StartAtAsync(int port, params (string Key, string Value)[] settings) =>
        StartAsync(new PresenceServer(port, settings));

    /// <summary>Starts a server that speaks TLS at a second port.</summary>
    /// <param name="certificate">A file in PEM, with the key in it.</param>
    public static Task<PresenceServer> StartWithTlsAsync(string certificate) => StartAsync(new PresenceServer(
        Ports.Free(),
        [("ASPNETCORE_Kestrel__Certificates__Default__Path", certificate), ("ASPNETCORE_Kestrel__Certificates__Default__KeyPath", certificate)])
    { TlsPort = Ports.Free() });

    private static async Task<PresenceServer> StartAsync(PresenceServer server)
    {
        try
        {
            await server.LaunchAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    protected override void Describe(ProcessStartInfo start)
    {
        base.Describe(start);
        start.ArgumentList.Add("--urls");
        start.ArgumentList.Add(TlsPort == 0 ? $"http://127.0.0.1:{Port}" : $"http://127.0.0.1:{Port};https://127.0.0.1:{TlsPort}");
    }
}
