using System.Diagnostics;
using System.Reflection;

namespace Presence.Harness.Processes;

/// <summary>One of the programs of Presence.</summary>
/// <param name="name">In messages.</param>
/// <param name="program">The end of its project's name: Standalone, Silo or Gateway.</param>
/// <param name="managementPort">Of health and metrics.</param>
/// <param name="settings">
/// Keys below <c>Presence</c>, such as <c>Auth:Mode</c>, later ones in place of earlier ones; or of the runtime and the host, <c>DOTNET_</c> or
/// <c>ASPNETCORE_</c> and so on.
/// </param>
public abstract class PresenceProcess(string name, string program, int managementPort, IReadOnlyList<(string Key, string Value)> settings)
    : ServerProcess(name)
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    public int ManagementPort { get; } = managementPort;

    /// <summary>The assembly of a program, as the build made it, or where the environment says: <c>PRESENCE_SILO_DLL</c> and so on.</summary>
    public static string Dll(string program) =>
        Environment.GetEnvironmentVariable($"PRESENCE_{program.ToUpperInvariant()}_DLL") is { Length: > 0 } dll
            ? dll
            : typeof(PresenceProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == program + "Dll").Value!;

    /// <summary>The status of a path of the management port; 0 when nobody answers.</summary>
    public async Task<int> ProbeAsync(string path = "/health/ready")
    {
        try
        {
            using var reply = await Http.GetAsync(ManagementUri(path));
            return (int)reply.StatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return 0;
        }
    }

    public Task<string> MetricsAsync() => Http.GetStringAsync(ManagementUri("/metrics"));

    /// <summary>The sum of an instrument over all its labels, as the metrics page shows it now; 0 when it is not there.</summary>
    public async Task<double> MetricAsync(string instrument, string label = "")
    {
        var metrics = await MetricsAsync();
        return MetricsPage.Sum(metrics, instrument, label);
    }

    protected override void Describe(ProcessStartInfo start)
    {
        start.FileName = "dotnet";
        start.ArgumentList.Add(Dll(program));
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        start.Environment["Presence__ManagementUrl"] = $"http://127.0.0.1:{ManagementPort}";
        foreach (var (key, value) in settings)
        {
            var variable = key.Replace(":", "__", StringComparison.Ordinal);
            start.Environment[IsOfTheHost(variable) ? variable : "Presence__" + variable] = value;
        }
    }

    protected override async Task<bool> IsReadyAsync() => await ProbeAsync() == 200;

    private static bool IsOfTheHost(string variable) =>
        variable.StartsWith("DOTNET_", StringComparison.Ordinal) || variable.StartsWith("ASPNETCORE_", StringComparison.Ordinal);

    private Uri ManagementUri(string path) => new($"http://127.0.0.1:{ManagementPort}{path}");
}
