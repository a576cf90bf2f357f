using System.Diagnostics;

namespace Presence.Harness.Processes;

/// <summary>The standalone program.</summary>
public sealed class PresenceServer : PresenceProcess, IEndpoint
{
    private PresenceServer(int port, (string, string)[] settings)
        : base("The server", "Standalone", Ports.Free(), [("DataFile", ""), .. settings]) => Port = port;

    public int Port { get; }

    /// <summary>Starts a server and waits until it is ready.</summary>
    /// <param name="settings">As <see cref="PresenceProcess"/> takes them, in place of the defaults of the tests.</param>
    public static Task<PresenceServer> StartAsync(params (string Key, string Value)[] settings) => StartAtAsync(Ports.Free(), settings);

    /// <summary>Starts a server at a port, such as that of one that was stopped before.</summary>
    public static async Task<PresenceServer> StartAtAsync(int port, params (string Key, string Value)[] settings)
    {
        var server = new PresenceServer(port, settings);
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
        start.ArgumentList.Add($"http://127.0.0.1:{Port}");
    }
}
