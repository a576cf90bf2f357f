using Presence.Gateway;
using Presence.Grains.Settings;
using Presence.Standalone;
using Presence.Standalone.Hosting;
using Presence.Standalone.Storage;

try
{
    // Settings are read once. Watching for changes of them would watch the folder of the data file too, which changes with every commit.
    var builder = WebApplication.CreateBuilder(["--hostBuilder:reloadConfigOnChange=false", .. args]);
    var settings = PresenceSettings.Read(
        builder.Configuration, builder.Environment, [.. GatewayHosting.OptionTypes, typeof(StandaloneOptions)]);
    builder.AddPresenceStandalone(settings.Get<StandaloneOptions>()).AddPresenceGateway(settings);

    var app = builder.Build();

    // Opened before the start, where the host would bury what is wrong with the file under its own stack trace.
    _ = app.Services.GetService<DataFile>();

    app.MapPresenceGateway();
    await app.RunAsync();
    return 0;
}
catch (Exception e) when (e is SettingsException or DataFileException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
