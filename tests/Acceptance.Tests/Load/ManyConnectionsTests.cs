using System.Diagnostics;
using System.Globalization;
using Presence.Harness.Clients;
using Xunit.Abstractions;

namespace Presence.Acceptance.Tests.Load;

/// <summary>Alone: <c>dotnet test --filter Category=Load</c>.</summary>
[Trait("Category", "Load")]
[Collection(LoadGroup.Name)]
public sealed class ManyConnectionsTests(ITestOutputHelper output)
{
    private const int Wanted = 18_000;

    /// <summary>What both processes need beside the sockets.</summary>
    private const int OtherFiles = 500;

    [Fact]
    public async Task Connections_18000_AreHeldWithoutErrorAndAllAnswer()
    {
        var count = Math.Min(Wanted, MaxOpenFiles() - OtherFiles);
        if (count < Wanted)
        {
            output.WriteLine($"Only {count} instead of {Wanted} connections: a process here may open {MaxOpenFiles()} files.");
        }

        await using var server = await PresenceServer.StartAsync(("HeartbeatInterval", "2m"), ("HeartbeatTimeout", "5m"));
        var empty = server.ResidentBytes;
        var began = Stopwatch.StartNew();
        using var sockets = await Task.Run(() => ManySockets.SignIn(server.Port, count));
        output.WriteLine($"{count} signed in after {began.Elapsed.TotalSeconds:0.0} s, {(server.ResidentBytes - empty) / count} bytes each.");
        Assert.Equal(count, await ConnectionsAsync(server));

        await Task.Run(sockets.Beat);
        output.WriteLine($"All have answered after {began.Elapsed.TotalSeconds:0.0} s.");

        Assert.Equal(count, await ConnectionsAsync(server));
        Assert.Empty(server.Output.Errors);
        Assert.DoesNotContain(server.Output.Lines, IsWarning);
    }

    /// <summary>Of ours, but for the one that authentication is off.</summary>
    private static bool IsWarning(string line) =>
        line.StartsWith("warn: Presence.", StringComparison.Ordinal) && !line.Contains("Authentication", StringComparison.Ordinal);

    private static int MaxOpenFiles()
    {
        var line = File.ReadLines("/proc/self/limits").First(l => l.StartsWith("Max open files", StringComparison.Ordinal));
        return int.TryParse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4], CultureInfo.InvariantCulture, out var max) ? max : int.MaxValue;
    }

    private static async Task<int> ConnectionsAsync(PresenceServer server)
    {
        var line = (await server.MetricsAsync()).Split('\n').First(l => l.StartsWith("presence_gateway_connections{", StringComparison.Ordinal));
        return int.Parse(line[(line.IndexOf('}', StringComparison.Ordinal) + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture);
    }
}
