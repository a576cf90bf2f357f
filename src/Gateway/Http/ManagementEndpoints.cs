using Presence.Gateway.Sessions;

namespace Presence.Gateway.Http;

/// <summary>Probes and metrics, on the management port only: the public one answers 404.</summary>
internal static class ManagementEndpoints
{
    /// <summary>Serves the management paths to requests that came in at the port of <paramref name="managementUrl"/>.</summary>
    public static void UseManagement(this WebApplication app, string managementUrl)
    {
        if (managementUrl.Length == 0)
        {
            return;
        }

        var port = new Uri(managementUrl).Port;

        // The local port, not the Host header, which is the client's to choose.
        app.MapWhen(context => context.Connection.LocalPort == port, management =>
        {
            management.UseRouting();
            management.UseEndpoints(endpoints =>
            {
                endpoints.MapGet("/health/live", () => Results.Text("live"));
                endpoints.MapGet("/health/ready", (GatewayState state) => Answer(state.IsReady, "ready"));
                endpoints.MapGet("/health/startup", (GatewayState state) => Answer(state.IsStarted, "started"));
                endpoints.MapPrometheusScrapingEndpoint("/metrics");
            });
        });
    }

    private static IResult Answer(bool isFine, string word) =>
        isFine ? Results.Text(word) : Results.Text("not " + word, statusCode: StatusCodes.Status503ServiceUnavailable);
}
