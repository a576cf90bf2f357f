// Writes to a data file without end, and prints the number of each write once it is acknowledged. Made to be killed by a test.
using Microsoft.Extensions.Logging.Abstractions;
using Presence.Standalone.Storage;

DataFile file;
try
{
    file = DataFile.Open(args[0], NullLogger.Instance);
}
catch (DataFileException e)
{
    Console.WriteLine(e.Message);
    return 1;
}

var rows = new SqliteRows(file);
var next = -1;
await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(WriteAsync)));
return 0;

async Task WriteAsync()
{
    while (true)
    {
        var number = Interlocked.Increment(ref next);
        await rows.WriteAsync(new("state", GrainId.Create("user", $"u-{number}")), new(new byte[200], number), null);
        Console.WriteLine(number);
    }
}
