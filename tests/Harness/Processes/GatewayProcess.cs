using System.Diagnostics;

namespace Presence.Harness.Processes;

/// <summary>A gateway of the cluster.</summary>
/// <param name="name">In messages.</param>
/// <param name="settings">As <see cref="PresenceProcess"/> takes them.</param>
public sealed class GatewayProcess(string name, IReadOnlyList<(string, string)> settings)
    : PresenceProcess(name, "Gateway", Ports.Free(), settings), IEndpoint
{
    public int Port { get; } = Ports.Free();

    protected override void Describe(ProcessStartInfo start)
    {
        base.Describe(start);
        start.ArgumentList.Add("--urls");
        start.ArgumentList.Add($"http://127.0.0.1:{Port}");
    }
}
