using System.Net;
using Presence.Acceptance.Tests.Http;

namespace Presence.Acceptance.Tests.Start;

public sealed class WarmUpTests
{
    [Fact]
    public async Task Start_WarmsUpOverASocket_OfWhichNothingIsLeft()
    {
        await using var server = await PresenceServer.StartAsync();

        var received = await server.MetricAsync("presence_gateway_messages_total");
        Assert.InRange(received, 8, double.MaxValue);
        using var caller = new HttpCaller(server, "ops");
        var stats = await caller.GetAsync("/v1/stats");
        Assert.Equal(HttpStatusCode.OK, stats.Status);
        Assert.Equal("0", stats["connections"]);
        Assert.Equal("0", stats["usersOnline"]);
        Assert.Equal("{}", stats["errors"]);
        Assert.DoesNotContain(server.Output.Lines, line => line.Contains("warm up", StringComparison.Ordinal));
    }
}
