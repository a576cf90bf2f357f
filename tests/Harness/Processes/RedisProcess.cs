using System.Diagnostics;
using System.Globalization;

namespace Presence.Harness.Processes;

/// <summary>A Redis server with a folder of its own, which is removed at the end. Started again it has the data that it kept.</summary>
/// <param name="name">In messages.</param>
/// <param name="isDurable">Whether it writes every change to its file; without, a restart has lost everything.</param>
public sealed class RedisProcess(string name = "redis", bool isDurable = true) : ServerProcess(name)
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("presence-redis-");

    public int Port { get; } = Ports.Free();

    /// <summary>One command, such as <c>FLUSHALL</c>, and its answer as text; each line of a list of its own.</summary>
    public Task<string> AskAsync(params string[] command) => RedisCommand.SendAsync(Port, command);

    /// <summary>How often each command was called since the last <c>CONFIG RESETSTAT</c>, whoever called it.</summary>
    public async Task<Dictionary<string, long>> CallsAsync() => (await AskAsync("INFO", "commandstats")).Split("\r\n")
        .Where(line => line.StartsWith("cmdstat_", StringComparison.Ordinal))
        .ToDictionary(
            line => line["cmdstat_".Length..line.IndexOf(':', StringComparison.Ordinal)],
            line => long.Parse(line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..line.IndexOf(',', StringComparison.Ordinal)], CultureInfo.InvariantCulture));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    protected override void Describe(ProcessStartInfo start)
    {
        start.FileName = "redis-server";
        string[] arguments =
        [
            "--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", _folder.FullName, "--save", "",
            "--appendonly", isDurable ? "yes" : "no", "--appendfsync", "everysec", "--repl-diskless-sync-delay", "0",
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
    }

    protected override async Task<bool> IsReadyAsync()
    {
        try
        {
            return await AskAsync("PING") == "PONG";
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or RedisException)
        {
            // Not listening yet, or still loading its file.
            return false;
        }
    }
}
