using System.Diagnostics;
using System.Globalization;

namespace Presence.Harness.Processes;

/// <summary>A silo of the cluster.</summary>
/// <param name="name">Its name in the cluster too.</param>
/// <param name="settings">As <see cref="PresenceProcess"/> takes them.</param>
public sealed class SiloProcess(string name, IReadOnlyList<(string, string)> settings)
    : PresenceProcess(name, "Silo", Ports.Free(), settings)
{
    /// <summary>Where other silos connect to.</summary>
    public int SiloPort { get; } = Ports.Free();

    /// <summary>Where gateways connect to.</summary>
    public int GatewayPort { get; } = Ports.Free();

    /// <summary>What other silos are told of the former: another one where something is between.</summary>
    public int KnownSiloPort { get; set; }

    /// <summary>What gateways are told of the latter: another one where something is between.</summary>
    public int KnownGatewayPort { get; set; }

    protected override void Describe(ProcessStartInfo start)
    {
        base.Describe(start);
        start.Environment["Presence__Cluster__Address"] = "127.0.0.1";
        start.Environment["Presence__Cluster__SiloName"] = Name;
        Listen("Silo", SiloPort, KnownSiloPort);
        Listen("Gateway", GatewayPort, KnownGatewayPort);

        void Listen(string to, int port, int known)
        {
            start.Environment[$"Presence__Cluster__{to}Port"] = (known > 0 ? known : port).ToString(CultureInfo.InvariantCulture);
            start.Environment[$"Presence__Cluster__{to}ListenPort"] = port.ToString(CultureInfo.InvariantCulture);
        }
    }
}
