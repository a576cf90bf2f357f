namespace Presence.Grains.Sinks;

/// <summary>
/// The ways to the lease of a sink: straight, or by a relay on another silo. Silos that do not reach each other must not cost a lease that
/// its sink reaches by a third.
/// </summary>
internal sealed class LeaseWays(IGrainFactory grains, TimeProvider clock)
{
    /// <summary>The keys are spread over the silos at random: once in some thousand times all enter by the same one of three.</summary>
    private const int Relays = 8;

    /// <summary>After which the other ways are tried beside the one that was good last: several fit into a lease.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private const int Straight = -1;

    // The relay that answered last, or straight.
    private int _way = Straight;

    /// <summary>A beat by the way that was good last, and when that is not answered soon by all of them: the first answer counts.</summary>
    public async Task<BeatResult> BeatAsync(string life, BeatRequest request)
    {
        var usual = BeatAsync(_way, life, request);
        try
        {
            return await usual.WaitAsync(Patience, clock);
        }
        catch (Exception e) when (_way != Straight || SinkErrors.IsTemporary(e))
        {
            return await FirstAsync([.. Enumerable.Range(Straight, Relays + 1).Select(way => (way, way == _way ? usual : BeatAsync(way, life, request)))]);
        }
    }

    private async Task<BeatResult> FirstAsync(List<(int Way, Task<BeatResult> Beat)> ways)
    {
        var straight = ways[0].Beat;
        while (ways.Count > 0)
        {
            var done = await Task.WhenAny(ways.Select(way => way.Beat));
            var at = ways.FindIndex(way => way.Beat == done);
            if (done.IsCompletedSuccessfully)
            {
                _way = ways[at].Way;
                return await done;
            }

            ways.RemoveAt(at);
        }

        // None was answered; what the straight way says of it is what counts: silos of an earlier release have no relays.
        _way = Straight;
        return await straight;
    }

    private async Task<BeatResult> BeatAsync(int way, string life, BeatRequest request) => way == Straight
        ? await grains.GetGrain<IGatewayGrain>(life).BeatAsync(request)
        : await grains.GetGrain<ILeaseRelayGrain>(way).BeatAsync(life, request);
}
