// A calendar that shows its people as busy while they meet: a service of somebody else, beside a Presence cluster.
//
//   dotnet run --project samples/Meetings -- --redis localhost:6390 --attendees ada,grace --length 00:00:30
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Presence.Meetings;
using StackExchange.Redis;

var builder = Host.CreateApplicationBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.UseOrleansClient(client =>
{
    client.Configure<ClusterOptions>(names => names.ServiceId = names.ClusterId = "presence");
    client.UseRedisClustering(redis =>
        redis.ConfigurationOptions = ConfigurationOptions.Parse(builder.Configuration["redis"] ?? "localhost:6379"));
});
builder.Services.AddPresenceClient();
builder.Services.AddSingleton(new Meeting(
    (builder.Configuration["attendees"] ?? "ada,grace").Split(','),
    builder.Configuration.GetValue("length", TimeSpan.FromMinutes(1))));
builder.Services.AddHostedService<Calendar>();
await builder.Build().RunAsync();
