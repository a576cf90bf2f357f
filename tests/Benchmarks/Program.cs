using Presence.Benchmarks;

var users = args.Length > 0 ? int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) : 100_000;
await new StoreBenchmark(users).RunAsync();
