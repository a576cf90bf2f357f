using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Presence.Grains.Settings;

namespace Presence.Grains.Sinks;

/// <summary>
/// Keeps the lease of this sink and watches over its feed. A lease that was lost all the same, as after a long pause of the process or an
/// emptied store, and a feed that stays silent though the cluster answers, mean a new life: the sockets are the truth, and tell again.
/// </summary>
internal sealed partial class SinkSession(
    IGrainFactory grains, SinkIdentity identity, SinkFeed feed, ISinkSubscription subscription, ISinkListener listener,
    OwnPause pause, PresenceOptions options, TimeProvider clock, ILogger<SinkSession> logger)
    : BackgroundService
{
    /// <summary>Silence of all silos after which what is shown is called stale.</summary>
    public static readonly TimeSpan FeedSilence = TimeSpan.FromSeconds(5);

    /// <summary>Silence of all silos, while the cluster answers, after which a new life is due: streams mend the loss of a silo sooner.</summary>
    private static readonly TimeSpan DeadSilence = TimeSpan.FromSeconds(10);

    /// <summary>A member that died just now is heard of no more, and must not keep a gateway from starting.</summary>
    private static readonly TimeSpan FirstBatchPatience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    private readonly LeaseWays _ways = new(grains, clock);
    private readonly CancellationTokenSource _end = new();
    private IPresenceSinkObserver? _observer;
    private string _told = identity.Life;
    private bool _isGranted;
    private bool _isBlind;
    private long _nextBeat;
    private long _answersSince;
    private long _resumed;
    private CancellationTokenSource _again = new();

    /// <summary>Returns when the lease is granted and every silo has been heard: from here on nothing that is published is missed.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await SubscribeAsync();
        while (!await TryBeatAsync())
        {
            await Task.Delay(RetryDelay, clock, cancellationToken);
        }

        await HearAllAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>The last beat: the proof of life of everybody who was here.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await _end.CancelAsync();
        await base.StopAsync(cancellationToken);
        await TryBeatAsync();
        try
        {
            if (subscription.SilosGoOn)
            {
                await grains.GetGrain<IGatewayGrain>(identity.Life).EndAsync();
            }

            await subscription.UnsubscribeAsync();
        }
        catch (Exception e) when (SinkErrors.IsTemporary(e))
        {
            // The lease lapses, and with it all the rest.
            Log.NotEnded(logger, e);
        }
    }

    public override void Dispose()
    {
        _end.Dispose();
        _again.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(CheckInterval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await StepAsync();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped, as asked.
        }
    }

    private async Task StepAsync()
    {
        NoteOwnPause();

        // Looked at before the beat, which takes its time when the cluster does not answer.
        CheckFeed();
        if (clock.GetTimestamp() >= _nextBeat)
        {
            await TryBeatAsync();
        }

        if (_isBlind && IsDeaf)
        {
            Log.FeedDead(logger, identity.Life);
            await BeginNewLifeAsync();
        }
    }

    /// <summary>The cluster answers, but nothing comes: the subscription is dead.</summary>
    private bool IsDeaf =>
        _answersSince != 0 && clock.GetElapsedTime(_answersSince) > FeedSilence && feed.Silence > DeadSilence;

    /// <summary>A silence that was one's own is not that of the silos; whether the lease has lapsed meanwhile is asked at once.</summary>
    private void NoteOwnPause()
    {
        if (pause.Resumed is var resumed && resumed != _resumed)
        {
            _resumed = resumed;
            _nextBeat = 0;
            feed.ForgetSilence();
            Log.Resumed(logger);
        }
    }

    private void CheckFeed()
    {
        feed.Check();
        if (!_isBlind && feed.Silence > FeedSilence)
        {
            _isBlind = true;
            listener.Blind(clock.GetUtcNow() - feed.Silence);
        }
        else if (_isBlind && feed.Silence < SinkFeed.SiloSilence)
        {
            _isBlind = false;
            listener.Sees();
        }
    }

    /// <returns>Whether the lease is granted; a lost one has begun a new life by then.</returns>
    private async Task<bool> TryBeatAsync()
    {
        try
        {
            var result = await _ways.BeatAsync(identity.Life, new(!_isGranted, _observer));
            _answersSince = _answersSince == 0 ? clock.GetTimestamp() : _answersSince;
            if (!result.IsAlive)
            {
                Log.LeaseLost(logger, identity.Life);
                await BeginNewLifeAsync();
                return false;
            }

            _isGranted = true;
            feed.Expect(result.Silos);
            _nextBeat = clock.GetTimestamp() + Ticks(options.LeaseRenewal);
            if (_told != identity.Life)
            {
                _told = identity.Life;
                _ = AgainAsync(_told, _again.Token);
            }

            return true;
        }
        catch (Exception e) when (SinkErrors.IsTemporary(e))
        {
            Log.BeatFailed(logger, e);
            _answersSince = 0;
            _nextBeat = clock.GetTimestamp() + Ticks(RetryDelay);
            return false;
        }
    }

    private async Task BeginNewLifeAsync()
    {
        await _again.CancelAsync();
        _again.Dispose();
        _again = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        identity.BeginNewLife();
        feed.Reset();
        (_isGranted, _answersSince, _nextBeat) = (false, 0, 0);
        await SubscribeAsync();
        await TryBeatAsync();
    }

    private async Task AgainAsync(string life, CancellationToken cancellationToken)
    {
        try
        {
            await listener.BeginAgainAsync(life, HearAllAsync(cancellationToken), cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // A later life has begun, or the process ends.
        }
        catch (Exception e)
        {
            Log.NotToldAgain(logger, e);
        }
    }

    private async Task HearAllAsync(CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        while (!feed.HearsAll && clock.GetElapsedTime(began) < FirstBatchPatience)
        {
            await Task.Delay(CheckInterval / 10, clock, cancellationToken);
        }
    }

    private async Task SubscribeAsync()
    {
        while (true)
        {
            try
            {
                _observer = await subscription.SubscribeAsync(identity.Life, feed.Hear());
                return;
            }
            catch (Exception e) when (SinkErrors.IsTemporary(e) && !_end.IsCancellationRequested)
            {
                Log.NotSubscribed(logger, e);
                await Task.Delay(RetryDelay, clock, _end.Token);
            }
        }
    }

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * clock.TimestampFrequency);
}
