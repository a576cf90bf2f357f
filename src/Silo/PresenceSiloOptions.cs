using System.Net;
using Presence.Grains.Settings;

namespace Presence.Silo;

/// <summary>Settings of one silo; configuration section <c>Presence:Cluster</c>.</summary>
[SettingsSection("Presence:Cluster")]
public sealed class PresenceSiloOptions : ICheckedOptions
{
    /// <summary>The address at which other processes reach this silo. Empty (the default): the environment's <c>POD_IP</c>, else 127.0.0.1.</summary>
    public string Address { get; set; } = "";

    /// <summary>The port for other silos. Default 11,111; 1 to 65,535.</summary>
    [Number(1, 65_535)]
    public int SiloPort { get; set; } = 11_111;

    /// <summary>The port for gateways and other Orleans clients. Default 30,000; 1 to 65,535.</summary>
    [Number(1, 65_535)]
    public int GatewayPort { get; set; } = 30_000;

    /// <summary>
    /// Where this silo listens for other silos, when something between them and it makes that another port than the one they are told. Default 0, the
    /// same; 0 to 65,535.
    /// </summary>
    [Number(0, 65_535)]
    public int SiloListenPort { get; set; }

    /// <summary>The same for gateways and other Orleans clients. Default 0, the same as <see cref="GatewayPort"/>; 0 to 65,535.</summary>
    [Number(0, 65_535)]
    public int GatewayListenPort { get; set; }

    /// <summary>The name in logs and in the table of members. Empty (the default): the environment's <c>POD_NAME</c>, else address and port.</summary>
    public string SiloName { get; set; } = "";

    /// <summary>
    /// How often a silo probes another, and how long it waits for an answer. With <see cref="MissedProbes"/> it decides how soon a silo that
    /// died is given up: three times this after a kill, six times after a freeze. Default 2 s; 500 ms to 1 min.
    /// </summary>
    [Duration("500ms", "1m")]
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Probes in a row without an answer after which a silo is given up. Default 3; 1 to 20.</summary>
    [Number(1, 20)]
    public int MissedProbes { get; set; } = 3;

    /// <summary>The address in force.</summary>
    internal IPAddress EffectiveAddress => IPAddress.Parse(AddressText);

    /// <summary>The name in force.</summary>
    internal string EffectiveName =>
        SiloName.Length > 0 ? SiloName : Environment.GetEnvironmentVariable("POD_NAME") ?? $"{AddressText}:{SiloPort}";

    private string AddressText => Address.Length > 0 ? Address : Environment.GetEnvironmentVariable("POD_IP") ?? "127.0.0.1";

    void ICheckedOptions.Check(SettingsErrors errors, IHostEnvironment environment)
    {
        if (!IPAddress.TryParse(AddressText, out _))
        {
            errors.Add("Presence:Cluster:Address", AddressText, "be an IP address; so must POD_IP where it is empty");
        }

        if (SiloPort == GatewayPort)
        {
            errors.Add("Presence:Cluster:GatewayPort", $"{GatewayPort}", "differ from Presence:Cluster:SiloPort");
        }
    }
}
