using Presence.Standalone.Hosting;
using Presence.Standalone.Storage;

try
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddPresenceStandalone();

    // The gateway: builder.AddPresenceGateway();
    var app = builder.Build();

    // The gateway: app.MapPresenceGateway();
    await app.RunAsync();
    return 0;
}
catch (DataFileException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
