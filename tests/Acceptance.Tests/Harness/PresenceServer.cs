using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Reflection;

namespace Presence.Acceptance.Tests.Harness;

/// <summary>How a server ended.</summary>
/// <param name="ExitCode">Of the process; 128 + the signal's number when a signal ended it.</param>
/// <param name="Took">From the signal to the end.</param>
public sealed record ServerExit(int ExitCode, TimeSpan Took);

/// <summary>The standalone program as a process of its own.</summary>
public sealed class PresenceServer : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(40);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    private readonly Process _process;

    private PresenceServer(Process process, int port, int managementPort)
    {
        _process = process;
        Port = port;
        ManagementPort = managementPort;
    }

    public int Port { get; }

    public int ManagementPort { get; }

    public int ProcessId => _process.Id;

    public bool IsRunning => !_process.HasExited;

    public ServerOutput Output { get; } = new();

    /// <summary>Resident memory in bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            var line = File.ReadLines($"/proc/{ProcessId}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
            return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Starts a server and waits until it is ready.</summary>
    /// <param name="settings">
    /// Keys below <c>Presence</c>, such as <c>Auth:Mode</c>, in place of the defaults of the tests; or of the runtime, <c>DOTNET_</c> and so on.
    /// </param>
    public static Task<PresenceServer> StartAsync(params (string Key, string Value)[] settings) => StartAtAsync(FreePort(), settings);

    /// <summary>Starts a server at a port, such as that of one that was stopped before.</summary>
    public static async Task<PresenceServer> StartAtAsync(int port, params (string Key, string Value)[] settings)
    {
        var server = Launch(port, FreePort(), settings);
        try
        {
            await server.WaitUntilReadyAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A server that is not waited for: it may refuse to start.</summary>
    public static PresenceServer Launch(int port, int managementPort, params (string Key, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(Program());
        start.ArgumentList.Add("--urls");
        start.ArgumentList.Add($"http://127.0.0.1:{port}");
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["Presence__ManagementUrl"] = $"http://127.0.0.1:{managementPort}";
        start.Environment["Presence__DataFile"] = "";
        foreach (var (key, value) in settings)
        {
            var name = key.Replace(":", "__", StringComparison.Ordinal);
            start.Environment[name.StartsWith("DOTNET_", StringComparison.Ordinal) ? name : "Presence__" + name] = value;
        }

        var process = new Process { StartInfo = start };
        var server = new PresenceServer(process, port, managementPort);
        process.OutputDataReceived += (_, line) => server.Output.Add(line.Data);
        process.ErrorDataReceived += (_, line) => server.Output.Add(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return server;
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

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

    /// <summary>Ends it as an operator does.</summary>
    public Task<ServerExit> StopAsync() => EndAsync(Signals.Terminate);

    /// <summary>Ends it as a power cut does.</summary>
    public Task<ServerExit> KillAsync() => EndAsync(Signals.Kill);

    public void Pause() => Signals.Send(ProcessId, Signals.Stop);

    public void Resume() => Signals.Send(ProcessId, Signals.Continue);

    /// <summary>Waits for the end of a server that ends by itself.</summary>
    public async Task<ServerExit> WaitForExitAsync()
    {
        var began = Stopwatch.GetTimestamp();
        using var timeout = new CancellationTokenSource(EndTimeout);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The server did not end within {EndTimeout}. Its output:\n{Output}");
        }

        return new(_process.ExitCode, Stopwatch.GetElapsedTime(began));
    }

    public async ValueTask DisposeAsync()
    {
        if (IsRunning)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static string Program() =>
        Environment.GetEnvironmentVariable("PRESENCE_DLL") is { Length: > 0 } dll
            ? dll
            : typeof(PresenceServer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "StandaloneDll").Value!;

    private Uri ManagementUri(string path) => new($"http://127.0.0.1:{ManagementPort}{path}");

    private async Task WaitUntilReadyAsync()
    {
        var began = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await ProbeAsync() != 200)
        {
            if (!IsRunning || Stopwatch.GetElapsedTime(began) > StartTimeout)
            {
                throw new InvalidOperationException($"The server did not become ready. Its output:\n{Output}");
            }

            await timer.WaitForNextTickAsync();
        }
    }

    private Task<ServerExit> EndAsync(int signal)
    {
        Signals.Send(ProcessId, signal);
        return WaitForExitAsync();
    }
}
