namespace Presence.Grains.Settings;

/// <summary>Settings of every process; configuration section <c>Presence</c>.</summary>
public sealed class ManagementOptions
{
    /// <summary>Where health and metrics are served, never on the public port. Default <c>http://localhost:8081</c>; empty: nowhere.</summary>
    public string ManagementUrl { get; set; } = "http://localhost:8081";
}
