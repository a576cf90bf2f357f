using System.Globalization;
using Presence.Benchmarks;

// store [users] | grains [users] [data file]
var what = args.Length > 0 ? args[0] : "store";
var users = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 100_000;
await (what switch
{
    "store" => new StoreBenchmark(users).RunAsync(),
    "grains" => new GrainBenchmark(users, args.Length > 2 ? args[2] : "").RunAsync(),
    _ => throw new ArgumentException($"No benchmark {what}: store or grains."),
});
