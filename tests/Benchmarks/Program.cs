using System.Globalization;
using Presence.Benchmarks;

// store [users] | grains [users] [data file] | cluster [Stream|Observer] [spin limit] | failover [Stream|Observer] | memory [users]
// rooms [members] [data file] | sockets [number]
var what = args.Length > 0 ? args[0] : "store";
var transport = args.Length > 1 ? args[1] : "Stream";
var users = args.Length > 1 && int.TryParse(args[1], CultureInfo.InvariantCulture, out var number) ? number : 100_000;
await (what switch
{
    "store" => new StoreBenchmark(users).RunAsync(),
    "grains" => new GrainBenchmark(users, args.Length > 2 ? args[2] : "").RunAsync(),
    "cluster" => new ClusterBenchmark(transport, args.Length > 2 ? args[2] : "").RunAsync(),
    "failover" => new FailoverBenchmark(transport).RunAsync(),
    "memory" => new MemoryBenchmark(users).RunAsync(),
    "rooms" => new RoomBenchmark(users, args.Length > 2 ? args[2] : "").RunAsync(),
    "sockets" => new RoomSocketsBenchmark(args.Length > 1 ? users : 10_000).RunAsync(),
    _ => throw new ArgumentException($"No benchmark {what}: store, grains, cluster, failover, memory, rooms or sockets."),
});
