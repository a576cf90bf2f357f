// Writes to a data file without end, and prints the number of each write once it is acknowledged. Made to be killed by a test.
// Each write is a new row, or with a second argument the next of so many rows.
using System.Globalization;
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
if (args is [_, { Length: > 0 } rowCount])
{
    await WriteAgainAsync(int.Parse(rowCount, CultureInfo.InvariantCulture));
}

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

async Task WriteAgainAsync(int count)
{
    for (var number = 0; ; number++)
    {
        var key = new StateKey("state", GrainId.Create("user", $"u-{number % count}"));
        await rows.WriteAsync(key, new(new byte[200], number), number < count ? null : number - count);
        Console.WriteLine(number);
    }
}
