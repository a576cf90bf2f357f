using Microsoft.Extensions.Time.Testing;
using Orleans.Messaging;
using Presence.Gateway.Cluster;
using Presence.Gateway.Http;
using Xunit;

namespace Presence.Gateway.Tests.Cluster;

public class LastKnownSilosTests
{
    private static readonly Uri Silo = new("gwy.tcp://10.0.0.1:30000/1");

    private readonly FakeTimeProvider _clock = new();
    private readonly MembershipReads _reads = new();
    private readonly Table _table;
    private readonly LastKnownSilos _silos;

    public LastKnownSilosTests()
    {
        _table = new(_clock);
        _silos = new(_table, _reads, _clock);
    }

    [Fact]
    public async Task GetGateways_SaysHowLongTheReadTook_AndNothingAfterOneThatFailed()
    {
        Assert.Null(_reads.Last);
        await _silos.GetGateways();
        Assert.Equal(TimeSpan.FromMilliseconds(7), _reads.Last);

        _table.Fails = true;
        await Assert.ThrowsAsync<TimeoutException>(_silos.GetGateways);
        Assert.Null(_reads.Last);
    }

    [Fact]
    public async Task GetGateways_OfAnEmptiedTable_AreTheLastThatWereListed()
    {
        await _silos.GetGateways();
        _table.Listed = [];

        Assert.Equal([Silo], await _silos.GetGateways());
    }

    private sealed class Table(FakeTimeProvider clock) : IGatewayListProvider
    {
        public bool Fails { get; set; }

        public IList<Uri> Listed { get; set; } = [Silo];

        public TimeSpan MaxStaleness => TimeSpan.FromSeconds(2);

        [Obsolete("No longer used.")]
        public bool IsUpdatable => true;

        public Task InitializeGatewayListProvider() => Task.CompletedTask;

        public Task<IList<Uri>> GetGateways()
        {
            clock.Advance(TimeSpan.FromMilliseconds(7));
            return Fails ? Task.FromException<IList<Uri>>(new TimeoutException()) : Task.FromResult(Listed);
        }
    }
}
