using System.Diagnostics;
using System.Globalization;

namespace Presence.Harness.Processes;

/// <summary>How a process ended.</summary>
/// <param name="ExitCode">Of the process; 128 + the signal's number when a signal ended it.</param>
/// <param name="Took">From the signal to the end.</param>
public sealed record ServerExit(int ExitCode, TimeSpan Took);

/// <summary>A server as a process of its own. It can be started again after its end, as it was and at the same ports.</summary>
/// <param name="name">In messages.</param>
public abstract class ServerProcess(string name) : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(40);

    private Process? _process;

    public string Name { get; } = name;

    /// <summary>Of the process that was started last.</summary>
    public int ProcessId => _process!.Id;

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>What it wrote, in all its lives.</summary>
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

    /// <summary>Descriptors that the process has open.</summary>
    public int OpenFiles => Directory.GetFileSystemEntries($"/proc/{ProcessId}/fd").Length;

    /// <summary>Starts it and waits until it is ready; after an end as often as you like.</summary>
    public async Task LaunchAsync()
    {
        Launch();
        await WaitUntilReadyAsync();
    }

    /// <summary>Waits until a process that was launched, or resumed, is ready to serve.</summary>
    public async Task WaitUntilReadyAsync()
    {
        var began = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await IsReadyAsync())
        {
            if (!IsRunning || Stopwatch.GetElapsedTime(began) > StartTimeout)
            {
                throw new InvalidOperationException($"{Name} did not become ready. Its output:\n{Output}");
            }

            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>Ends it as an operator does.</summary>
    public Task<ServerExit> StopAsync() => EndAsync(Signals.Terminate);

    /// <summary>Ends it as a power cut does.</summary>
    public Task<ServerExit> KillAsync() => EndAsync(Signals.Kill);

    public void Pause() => Signals.Send(ProcessId, Signals.Stop);

    public void Resume() => Signals.Send(ProcessId, Signals.Continue);

    /// <summary>Waits for the end of a process that ends by itself.</summary>
    public async Task<ServerExit> WaitForExitAsync()
    {
        var began = Stopwatch.GetTimestamp();
        using var timeout = new CancellationTokenSource(EndTimeout);
        try
        {
            await _process!.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{Name} did not end within {EndTimeout}. Its output:\n{Output}");
        }

        return new(_process!.ExitCode, Stopwatch.GetElapsedTime(began));
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (IsRunning)
        {
            await KillAsync();
        }

        _process?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts it without waiting: it may refuse to start.</summary>
    public void Launch()
    {
        var start = new ProcessStartInfo { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        Describe(start);
        _process?.Dispose();
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Output.Add(line.Data);
        _process.ErrorDataReceived += (_, line) => Output.Add(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Program, arguments and environment.</summary>
    protected abstract void Describe(ProcessStartInfo start);

    /// <summary>Whether it serves.</summary>
    protected abstract Task<bool> IsReadyAsync();

    private Task<ServerExit> EndAsync(int signal)
    {
        Signals.Send(ProcessId, signal);
        return WaitForExitAsync();
    }
}
