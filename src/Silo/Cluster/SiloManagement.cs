namespace Presence.Silo.Cluster;

/// <summary>Probes and metrics of a silo.</summary>
internal static class SiloManagement
{
    /// <summary>Live never asks Redis or another process: a restart would not mend those.</summary>
    public static void MapSiloManagement(this WebApplication app)
    {
        app.MapGet("/health/live", () => Results.Text("live"));
        app.MapGet("/health/startup", (ISiloStatusOracle silo) => Answer(silo.CurrentStatus >= SiloStatus.Active, "started"));
        app.MapGet("/health/ready", (ISiloStatusOracle silo) => Answer(silo.CurrentStatus == SiloStatus.Active, "ready"));
        app.MapPrometheusScrapingEndpoint("/metrics");
    }

    private static IResult Answer(bool isFine, string word) =>
        isFine ? Results.Text(word) : Results.Text("not " + word, statusCode: StatusCodes.Status503ServiceUnavailable);
}
