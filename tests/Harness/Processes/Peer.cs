namespace Presence.Harness.Processes;

/// <summary>Who is at the other end of a connection of this machine, as Linux knows it.</summary>
internal static class Peer
{
    /// <param name="port">Of the other end, at 127.0.0.1.</param>
    /// <param name="to">The port that it is connected to.</param>
    /// <param name="processIds">Who it may be.</param>
    /// <returns>The process at the other end; 0 for none of these.</returns>
    public static int Find(int port, int to, IEnumerable<int> processIds)
    {
        var (near, far) = ($"0100007F:{port:X4}", $"0100007F:{to:X4}");
        var row = File.ReadLines("/proc/net/tcp").Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(fields => fields[1] == near && fields[2] == far);
        return row is null ? 0 : processIds.FirstOrDefault(id => Holds(id, $"socket:[{row[9]}]"));
    }

    private static bool Holds(int processId, string descriptor)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries($"/proc/{processId}/fd").Any(file => new FileInfo(file).LinkTarget == descriptor);
        }
        catch (IOException)
        {
            // The process has ended, or has just closed one.
            return false;
        }
    }
}
