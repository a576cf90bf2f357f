using System.Diagnostics;

namespace Presence.Acceptance.Tests.Start;

/// <summary>The program as an operator starts it, with nothing set but what the test sets.</summary>
internal static class Program
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Waits until it ends by itself. A variable without a value is not set.</summary>
    public static async Task<Ended> RunAsync(params (string Name, string? Value)[] environment)
    {
        var dll = PresenceProcess.Dll("Standalone");
        var start = new ProcessStartInfo("dotnet", [dll, "--urls", $"http://127.0.0.1:{Ports.Free()}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["Presence__DataFile"] = "";
        start.Environment["Presence__ManagementUrl"] = $"http://127.0.0.1:{Ports.Free()}";
        foreach (var (name, value) in environment.Prepend(("DOTNET_ENVIRONMENT", null)).Prepend(("ASPNETCORE_ENVIRONMENT", null)))
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        try
        {
            var began = Stopwatch.GetTimestamp();
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync().WaitAsync(Patience);
            return new(process.ExitCode, Stopwatch.GetElapsedTime(began), await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}

/// <summary>How a program ended and what it said.</summary>
internal sealed record Ended(int ExitCode, TimeSpan Took, string Output, string Errors);
