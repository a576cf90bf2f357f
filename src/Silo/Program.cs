using Presence.Grains.Settings;
using Presence.Silo.Cluster;

try
{
    var builder = WebApplication.CreateBuilder(args);
    var settings = PresenceSettings.Read(builder.Configuration, builder.Environment, ClusterSilo.OptionTypes, ProgramKeys.Gateway);
    builder.AddPresenceClusterSilo(settings);

    var app = builder.Build();
    app.MapSiloManagement();
    await app.RunAsync();
    return 0;
}
catch (SettingsException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
