using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Presence.Gateway.Connections;

namespace Presence.Gateway.Tests;

/// <summary>Metrics that nobody reads.</summary>
internal static class TestMetrics
{
    public static GatewayMetrics New() =>
        new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>(), new ConnectionRegistry());
}
