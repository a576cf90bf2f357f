using System.Diagnostics.Metrics;
using System.IO.Pipelines;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Presence.Gateway.Connections;
using Xunit;

namespace Presence.Gateway.Tests.Connections;

/// <summary>How a connection ends.</summary>
public sealed class ConnectionEndTests : IDisposable
{
    /// <summary>Close with 1000, under a mask of zeros.</summary>
    private static readonly byte[] Close = [0x88, 0x82, 0, 0, 0, 0, 3, 232];

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly FakeTimeProvider _clock = new();
    private readonly TimingWheel _wheel;
    private readonly ConnectionSetup _setup;

    public ConnectionEndTests()
    {
        _wheel = new(_clock, NullLogger<TimingWheel>.Instance);
        var metrics = new GatewayMetrics(_services.GetRequiredService<IMeterFactory>(), new());
        _setup = new(new(), _clock, _wheel, new(metrics), metrics, null!, NullLogger<Connection>.Instance);
    }

    public void Dispose()
    {
        _wheel.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task Run_ClientClosesAndIsGone_EndsWithoutWaitingForTheAnswerToLeave()
    {
        var (client, wire) = (new Pipe(), new FakeWire());
        wire.Break();
        var connection = new Connection("c1", _setup, client.Reader, wire, () => { });
        await client.Writer.WriteAsync(Close);
        await client.Writer.CompleteAsync();

        // No time passes: nothing that is due can help.
        var code = await connection.RunAsync().WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(1000, code);
    }

    [Fact]
    public async Task Run_BrokenFrameAfterOurClose_IsReadOnce()
    {
        var client = new Pipe();
        var connection = new Connection("c1", _setup, client.Reader, new FakeWire(), () => { });
        connection.End(4003);
        await client.Writer.WriteAsync(new byte[] { 0x81, 0x00 }); // Not masked.
        await client.Writer.CompleteAsync();

        // Read again and again, it would hold its thread for ever.
        Assert.Equal(4003, await Task.Run(connection.RunAsync).WaitAsync(TimeSpan.FromSeconds(20)));
    }
}
