using Presence.Standalone.Hosting;
using Presence.Standalone.Storage;

try
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddPresenceStandalone();

    // The gateway: builder.AddPresenceGateway();
    var app = builder.Build();

    // Opened before the start, where the host would bury what is wrong with the file under its own stack trace.
    _ = app.Services.GetService<DataFile>();

    // The gateway: app.MapPresenceGateway();
    await app.RunAsync();
    return 0;
}
catch (DataFileException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
