namespace Presence.Grains;

/// <summary>The name that sinks know a silo by.</summary>
internal static class SiloAddresses
{
    public static SiloLife ToLife(this SiloAddress silo) => new(silo.Endpoint.ToString(), silo.Generation);
}
