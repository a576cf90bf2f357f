using System.Diagnostics;

namespace Presence.Silo.Tests;

/// <summary>The program of a silo with wrong settings.</summary>
public class SettingsTests
{
    [Fact]
    public async Task Start_SeveralWrongSettings_AllAreNamedAtOnceAndNothingStarts()
    {
        (string Key, string Value, string Rule)[] wrong =
        [
            ("GracePeriod", "soon", "a duration"), ("Cluster:SiloPort", "70000", "65535"), ("Cluster:ProbeTimeout", "1ms", "500ms"),
            ("Cluster:MissedProbes", "few", "a whole number"), ("Cluster:Address", "silo.example.com", "an IP address"),
            ("Cluster:Transport", "Pigeon", "Observer"), ("ManagementUrl", "nowhere", "an http address"),
        ];

        var lines = await RefusedAsync([], [.. wrong.Select(setting => (setting.Key, setting.Value))]);

        Assert.Equal(wrong.Length, lines.Count);
        foreach (var (key, value, rule) in wrong)
        {
            var line = Assert.Single(lines, line => line.StartsWith($"Presence:{key} ", StringComparison.Ordinal));
            Assert.Contains($"\"{value}\"", line, StringComparison.Ordinal);
            Assert.Contains(rule, line, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Start_BothPortsAreTheSame_IsRefused()
    {
        var line = Assert.Single(await RefusedAsync([], ("Cluster:SiloPort", "11111"), ("Cluster:GatewayPort", "11111")));

        Assert.StartsWith("Presence:Cluster:GatewayPort is \"11111\"", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_PodIpIsNoAddress_IsRefused()
    {
        var line = Assert.Single(await RefusedAsync([("POD_IP", "pod-7")]));

        Assert.StartsWith("Presence:Cluster:Address is \"pod-7\"", line, StringComparison.Ordinal);
        Assert.Contains("POD_IP", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_PodIpIsNoAddressButOneIsSet_IsNotRefusedForIt()
    {
        var line = Assert.Single(await RefusedAsync([("POD_IP", "pod-7")], ("Cluster:Address", "127.0.0.1"), ("Cluster:MissedProbes", "0")));

        Assert.StartsWith("Presence:Cluster:MissedProbes is \"0\"", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WrongFilesForTls_AllAreNamedAtOnceWithoutThePassword()
    {
        var lines = await RefusedAsync([], ("Cluster:Tls:Certificate", "/absent.pem"), ("Cluster:Tls:Password", "hush"), ("Cluster:Tls:Mutual", "maybe"));

        Assert.Equal(3, lines.Count);
        Assert.Contains(lines, line => line.StartsWith("Presence:Cluster:Tls:Mutual is \"maybe\"", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("Presence:Cluster:Tls:Authority is \"\"", StringComparison.Ordinal));
        Assert.Contains(
            lines, line => line.StartsWith("Presence:Cluster:Tls:Certificate is \"/absent.pem\"", StringComparison.Ordinal) && line.Contains("no such file", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("hush", StringComparison.Ordinal));
    }

    /// <summary>What the program says when it exits with 1.</summary>
    private static async Task<IReadOnlyList<string>> RefusedAsync(
        (string Name, string Value)[] environment, params (string Key, string Value)[] settings)
    {
        await using var silo = new Program(environment, settings);
        silo.Launch();

        Assert.Equal(1, (await silo.WaitForExitAsync()).ExitCode);

        return silo.Output.Lines;
    }

    private sealed class Program((string Name, string Value)[] environment, (string, string)[] settings)
        : PresenceProcess("The silo", "Silo", Ports.Free(), settings)
    {
        protected override void Describe(ProcessStartInfo start)
        {
            base.Describe(start);
            foreach (var (name, value) in environment)
            {
                start.Environment[name] = value;
            }
        }
    }
}
