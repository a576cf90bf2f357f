using System.Diagnostics;
using System.Globalization;
using Presence.Harness.Processes;

namespace Presence.Benchmarks;

/// <summary>How fast sockets join one room of the standalone program as it fills, a tenth of them after the other.</summary>
internal sealed class RoomSocketsBenchmark(int sockets)
{
    private const int Callers = 64;
    private const int Parts = 10;

    public async Task RunAsync()
    {
        await using var server = await PresenceServer.StartAsync();
        var guests = new RoomGuest[sockets];
        await ForEachAsync(0, sockets, async i => guests[i] = await RoomGuest.SignInAsync(server.Port, i));
        await JoinAsync(guests[..Math.Min(1_000, sockets)], "warm");
        using var process = Process.GetProcessById(server.ProcessId);
        for (var part = 0; part < Parts; part++)
        {
            var (from, to) = (sockets / Parts * part, sockets / Parts * (part + 1));
            process.Refresh();
            var (cpu, bytes, began) = (process.TotalProcessorTime, guests.Sum(guest => guest.Bytes), Stopwatch.GetTimestamp());
            await JoinAsync(guests[from..to], "room");
            var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            process.Refresh();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{from,7:N0} to {to,7:N0} members: {(to - from) / seconds,8:N0} joins a second, "
                + $"{(process.TotalProcessorTime - cpu).TotalMicroseconds / (to - from),6:N0} us of server CPU, "
                + $"{(guests.Sum(guest => guest.Bytes) - bytes) / (to - from),7:N0} bytes sent each"));
        }

        await ForEachAsync(0, sockets, async i => await guests[i].DisposeAsync());
    }

    private static Task JoinAsync(RoomGuest[] guests, string room) => ForEachAsync(0, guests.Length, i => guests[i].JoinAsync(room));

    private static Task ForEachAsync(int from, int to, Func<int, Task> act) => Parallel.ForAsync(
        from, to, new ParallelOptions { MaxDegreeOfParallelism = Callers }, async (i, _) => await act(i));
}
