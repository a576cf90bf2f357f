using Presence.Gateway;
using Presence.Gateway.Cluster;
using Presence.Grains.Settings;

try
{
    var builder = WebApplication.CreateBuilder(args);
    var settings = PresenceSettings.Read(
        builder.Configuration, builder.Environment, [.. GatewayHosting.OptionTypes, .. ClusterGateway.OptionTypes], ProgramKeys.Silo);
    builder.AddPresenceClusterClient(settings).AddPresenceGateway(settings);

    var app = builder.Build();
    app.MapPresenceGateway();
    await app.RunAsync();
    return 0;
}
catch (SettingsException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
