namespace Presence.Harness.Wire;

/// <summary>Where clients connect to: a server, a gateway, or a relay before one.</summary>
public interface IEndpoint
{
    /// <summary>At 127.0.0.1.</summary>
    int Port { get; }
}
