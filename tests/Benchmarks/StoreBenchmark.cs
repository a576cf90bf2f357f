using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Presence.Standalone.Storage;

namespace Presence.Benchmarks;

/// <summary>What the data file costs: CPU is that of the whole process, so it holds the callers' part too.</summary>
internal sealed class StoreBenchmark(int users)
{
    private const int Writers = 1_000;
    private const int Often = 5_000;
    private static readonly byte[] Data = new byte[250];
    private readonly StateKey[] _keys = [.. Enumerable.Range(0, users).Select(i => Key("u-" + i))];

    public async Task RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("presence-benchmark-");
        try
        {
            var path = Path.Combine(folder.FullName, "presence.db");
            using (var file = DataFile.Open(path, NullLogger.Instance))
            {
                await MeasureAsync(file);
            }

            var watch = Stopwatch.StartNew();
            DataFile.Open(path, NullLogger.Instance).Dispose();
            Console.WriteLine($"open and close, {new FileInfo(path).Length >> 20} MB: {watch.ElapsedMilliseconds} ms");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task MeasureAsync(DataFile file)
    {
        var rows = new SqliteRows(file);
        var sessions = new SqliteSessionList(file);
        Random.Shared.Shuffle(_keys);

        await MeasureAsync($"first writes, {Writers} writers", users, i => rows.WriteAsync(_keys[i], new(Data, 1), null));
        await MeasureAsync($"later writes, {Writers} writers", users, i => rows.WriteAsync(_keys[i], new(Data, 2), 1));
        await MeasureAsync(
            $"changes of {Often} rows, {Writers} writers", users, i => rows.WriteAsync(_keys[i % Often], new(Data, i + 3), i < Often ? 2 : i + 3 - Often));
        await MeasureAsync($"session adds, {Writers} writers", users, i => sessions.AddAsync("a-life", "u-" + i).AsTask());
        Read("reads of rows", i => rows.Read(_keys[i % users]));
        var missing = Enumerable.Range(0, users).Select(i => Key("nobody-" + i)).ToArray();
        Read("reads of missing rows", i => rows.Read(missing[i % users]));
        await LoneAsync(rows);
    }

    private static async Task MeasureAsync(string what, int count, Func<int, Task> write)
    {
        var next = -1;
        var (watch, cpu) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(async () =>
        {
            for (var i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
            {
                await write(i);
            }
        })));
        Report(what, count, watch.Elapsed, Environment.CpuUsage.TotalTime - cpu);
    }

    private static void Read(string what, Action<int> read)
    {
        const int Count = 200_000;
        var (watch, cpu) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        for (var i = 0; i < Count; i++)
        {
            read(i);
        }

        Report(what, Count, watch.Elapsed, Environment.CpuUsage.TotalTime - cpu);
    }

    private static async Task LoneAsync(SqliteRows rows)
    {
        var times = new double[2_000];
        for (var i = 0; i < times.Length; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await rows.WriteAsync(Key("lone-" + i), new(Data, 1), null);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }

        Array.Sort(times);
        Console.WriteLine(
            $"one lone write: p50 {times[times.Length / 2]:F0} us, p99 {times[times.Length * 99 / 100]:F0} us, longest {times[^1]:F0} us");
    }

    private static void Report(string what, int count, TimeSpan elapsed, TimeSpan cpu) => Console.WriteLine(
        $"{what}: {count / elapsed.TotalSeconds:N0}/s, {elapsed.TotalMicroseconds / count:F1} us each, {cpu.TotalMicroseconds / count:F1} us of CPU");

    private static StateKey Key(string userId) => new("presence", GrainId.Create("presence.user", userId));
}
