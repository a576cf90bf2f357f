// Prints what happens to some users: dotnet run --project examples/console -- ws://localhost:8080/ws ada bob
using Presence.Client;

if (args.Length < 2)
{
    Console.Error.WriteLine("usage: ConsoleWatcher <address> <user> [<user> ...]");
    return 2;
}

await using var presence = new PresenceClient(new()
{
    Url = new(args[0]),
    UserId = $"watcher-{Environment.MachineName}",
    TokenProvider = _ => ValueTask.FromResult("any"),
});
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true;
    stop.Cancel();
};

var events = presence.ReadAllAsync();
await presence.StartAsync();
await presence.WatchAsync(args[1..]);
try
{
    await foreach (var what in events.WithCancellation(stop.Token))
    {
        Console.WriteLine(what switch
        {
            PresenceChanged { Presence: var user } => $"{user.UserId}: {user.Status}{(user.IsStale ? " (connection lost)" : "")}",
            ConnectionChanged { State: var state } => $"-- {state}",
            _ => what.ToString(),
        });
    }
}
catch (OperationCanceledException)
{
    // Ctrl+C: the client leaves on purpose below.
}

return 0;
