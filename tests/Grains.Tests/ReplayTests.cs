using Microsoft.Extensions.Logging.Abstractions;
using Presence.Grains.Sinks;
using Presence.Grains.Tests.Sinks;
using Xunit;

namespace Presence.Grains.Tests;

/// <summary>A real sink behind a way that loses, doubles and turns round batches of two silos.</summary>
public sealed class ReplayTests : IClassFixture<TimedCluster>, IDisposable
{
    private const int Changes = 300;

    private readonly TimedCluster _cluster;
    private readonly SinkIdentity _identity = new();
    private readonly RecordingListener _listener = new();
    private readonly bool[] _hasHappened = new bool[3];
    private readonly Lock _gate = new();
    private readonly SinkFeed _feed;
    private SinkBatch? _held;
    private volatile bool _isOrderly;

    public ReplayTests(TimedCluster cluster)
    {
        _cluster = cluster;
        _feed = new(cluster.Cluster.Client, _identity, _listener, TimeProvider.System, NullLogger<SinkFeed>.Instance);
        cluster.Transport.Published = PublishAsync;
        cluster.Begin(_identity.Life);
    }

    [Fact]
    public async Task Batches_LostDoubledAndTurnedRound_EveryChangeIsHeardOnce()
    {
        var users = Enumerable.Range(0, 8).Select(i => $"user {i} of {_identity.Life}").ToArray();
        await Task.WhenAll(users.Select(ChangeAsync));

        // The beat of each second shows a loss at the very end. The ring of what was sent reaches back five seconds: not too many of them.
        _isOrderly = true;
        _cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        _cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        await TimedCluster.UntilAsync(() => Task.FromResult(Heard().Count >= users.Length * (Changes + 1)), () => { });

        foreach (var user in Heard().GroupBy(change => change.UserId))
        {
            Assert.Equal(
                Enumerable.Range(1, Changes + 1).Select(version => (long)version), user.Select(change => change.Public!.Version).Order());
        }

        Assert.All(_hasHappened, Assert.True);
        Assert.Empty(_listener.Recovered);
    }

    public void Dispose()
    {
        _cluster.Transport.Published = (_, _) => ValueTask.CompletedTask;
        _feed.Dispose();
    }

    private List<PresenceChanged> Heard() => [.. _listener.Events.OfType<PresenceChanged>()];

    private async Task ChangeAsync(string userId)
    {
        await _cluster.User(userId).ConnectAsync(new($"c {userId}", "other life", new("device", DeviceType.Web, null)));
        for (var i = 0; i < Changes; i++)
        {
            await _cluster.User(userId).SetStatusAsync(new(
                $"c {userId}", i % 2 == 0 ? PresenceStatus.Busy : PresenceStatus.Dnd, ForUser: true, ExpiresAt: null));
        }
    }

    private async ValueTask PublishAsync(string sink, SinkBatch batch)
    {
        if (sink != _identity.Life)
        {
            return;
        }

        SinkBatch[] delivered;
        lock (_gate)
        {
            var mishap = batch.Sequence % 7;
            if (mishap < _hasHappened.Length && batch.Events.Length > 0)
            {
                _hasHappened[mishap] = true;
            }

            // Lost, doubled, and late by one.
            (delivered, _held) = (_isOrderly ? -1 : mishap) switch
            {
                0 => (Held(), null),
                1 => ([batch, .. Held(), batch], null),
                2 => (Held(), batch),
                _ => ([batch, .. Held()], null),
            };
        }

        foreach (var one in delivered)
        {
            await _feed.Hear().DeliverAsync(one);
        }
    }

    private SinkBatch[] Held() => _held is { } held ? [held] : [];
}
