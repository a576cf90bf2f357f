using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Reflection;

namespace Presence.Client.Tests.Harness;

/// <summary>The standalone program as a process of its own.</summary>
internal sealed class StandaloneServer : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    private readonly Process _process;
    private readonly int _managementPort = FreePort();

    private StandaloneServer(int port, (string Key, string Value)[] settings)
    {
        Port = port;
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true };
        start.ArgumentList.Add(Program());
        start.ArgumentList.Add("--urls");
        start.ArgumentList.Add($"http://127.0.0.1:{port}");
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["Presence__ManagementUrl"] = $"http://127.0.0.1:{_managementPort}";
        start.Environment["Presence__DataFile"] = "";
        foreach (var (key, value) in settings)
        {
            start.Environment["Presence__" + key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { }; // Read, so that the pipe never fills.
        _process.BeginOutputReadLine();
    }

    public int Port { get; }

    public static Task<StandaloneServer> StartAsync(params (string Key, string Value)[] settings) => StartAtAsync(FreePort(), settings);

    public static async Task<StandaloneServer> StartAtAsync(int port, params (string Key, string Value)[] settings)
    {
        var server = new StandaloneServer(port, settings);
        await Wait.UntilAsync("the server is ready", server.IsReadyAsync, StartTimeout);
        return server;
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Ends it as an operator does.</summary>
    public async Task StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
    }

    /// <summary>Ends it as a power cut does.</summary>
    public Task KillAsync()
    {
        _process.Kill();
        return _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static string Program() =>
        Environment.GetEnvironmentVariable("PRESENCE_DLL") is { Length: > 0 } dll
            ? dll
            : typeof(StandaloneServer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "StandaloneDll").Value!;

    private async Task<bool> IsReadyAsync()
    {
        if (_process.HasExited)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The server ended with {_process.ExitCode}"));
        }

        try
        {
            using var reply = await Http.GetAsync(new Uri($"http://127.0.0.1:{_managementPort}/health/ready"));
            return reply.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // Not listening yet.
        }
    }
}
