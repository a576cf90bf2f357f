using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Placement;
using Presence.Grains.Rules.Gateways;
using Presence.Grains.Settings;
using Presence.Grains.Sinks;

namespace Presence.Grains;

/// <summary>Leads one life of a gateway through lease, grace and loss. What is stored says where it was, so it goes on after any crash.</summary>
/// <remarks>
/// What is due is looked up once a second, by the reminder, and after a call. The timer interleaves, so that a gateway whose life is over
/// hears so at once while its users are told; <see cref="_isSaving"/> and <see cref="_isChecking"/> keep writes and checks apart.
/// </remarks>
[GrainType("presence-gateway"), RandomPlacement]
internal sealed partial class GatewayGrain(
    [PersistentState("gateway", "presence")] IPersistentState<GatewayState> store,
    IOptions<PresenceOptions> options,
    ISinkDirectory sinks,
    IClusterMembershipService members,
    ISessionList sessions,
    ConnectionLoss loss,
    OwnPause pause,
    TimeProvider clock,
    PresenceMetrics metrics,
    ILogger<GatewayGrain> logger)
    : Grain, IGatewayGrain, IRemindable
{
    private const string ReminderName = "lease";

    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);

    private DateTimeOffset _activeSince;
    private IGrainTimer? _timer;
    private bool _isSaving;
    private bool _isChecking;

    private string Life => this.GetPrimaryKeyString();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _activeSince = clock.GetUtcNow();
        if (store.State is { LastBeat: not 0, EndedAt: 0 })
        {
            sinks.Begin(Life, observer: null);
            CheckAfter(CheckInterval);
        }
        else if (store.State is { EndedAt: not 0, DoneAt: 0 })
        {
            sinks.End(Life);
            CheckAfter(TimeSpan.Zero);
        }

        return Task.CompletedTask;
    }

    public async ValueTask<BeatResult> BeatAsync(BeatRequest request)
    {
        if (store.State.EndedAt != 0 || (store.State.LastBeat == 0 && !request.IsFirst))
        {
            // Over, or forgotten by the store: the gateway tells everything again under a new life.
            return new(IsAlive: false, []);
        }

        await RemindAsync();
        await SaveAsync(store.State with { LastBeat = clock.GetUtcNow().UtcTicks });
        sinks.Begin(Life, request.Observer);
        CheckAfter(CheckInterval);
        await ListAsync(request);
        return new(IsAlive: true, [.. Silos()]);
    }

    public async ValueTask EndAsync()
    {
        if (store.State.EndedAt != 0)
        {
            return;
        }

        await RemindAsync();
        await SaveAsync(store.State with { EndedAt = clock.GetUtcNow().UtcTicks });
        sinks.End(Life);
        await Registry.EndAsync(Life);
        metrics.GatewayEnded();
        Log.LifeEnded(logger, Life, options.Value.GracePeriod);
        CheckAfter(options.Value.GracePeriod);
    }

    // Being in memory is all that a life under way takes: the timer looks.
    public async ValueTask CheckAsync()
    {
        if (store.State is { LastBeat: 0 } or { EndedAt: not 0 })
        {
            await Registry.EndAsync(Life);
        }
    }

    public ValueTask<DateTimeOffset?> LostAtAsync() => ValueTask.FromResult<DateTimeOffset?>(store.State switch
    {
        { EndedAt: not 0 } ended => new DateTimeOffset(ended.EndedAt, TimeSpan.Zero) + options.Value.GracePeriod,
        { LastBeat: 0 } => DateTimeOffset.MinValue,
        _ => null,
    });

    public Task ReceiveReminder(string reminderName, TickStatus status) => DoWhatIsDueAsync();

    private async Task DoWhatIsDueAsync(CancellationToken cancellationToken = default)
    {
        if (_isSaving || _isChecking)
        {
            return;
        }

        _isChecking = true;
        try
        {
            await ActAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.CheckFailed(logger, exception, Life);
        }
        finally
        {
            _isChecking = false;
        }
    }

    private async Task ActAsync(CancellationToken cancellationToken)
    {
        var settings = options.Value;
        switch (Lease.Due(store.State, HeardSince(), clock.GetUtcNow(), settings.LeaseDuration, settings.GracePeriod))
        {
            case LeaseAct.End:
                await EndAsync();
                break;
            case LeaseAct.LoseConnections when await LoseConnectionsAsync(cancellationToken):
                await SaveAsync(store.State with { DoneAt = clock.GetUtcNow().UtcTicks });
                await this.RegisterOrUpdateReminder(ReminderName, Lease.Memory, Lease.Memory, cancellationToken);
                _timer?.Dispose();
                _timer = null;
                break;
            case LeaseAct.Forget:
                await ForgetAsync(cancellationToken);
                break;
        }
    }

    /// <summary>Since when beats could reach this silo: a silo that was frozen heard none, whatever the gateway did.</summary>
    private DateTimeOffset HeardSince()
    {
        var resumed = pause.Resumed is var at and not 0 ? clock.GetUtcNow() - clock.GetElapsedTime(at) : _activeSince;
        return resumed > _activeSince ? resumed : _activeSince;
    }

    private async Task<bool> LoseConnectionsAsync(CancellationToken cancellationToken)
    {
        var lastBeat = new DateTimeOffset(store.State.LastBeat, TimeSpan.Zero);
        if (!await loss.TellUsersAsync(Life, lastBeat, cancellationToken))
        {
            return false;
        }

        await sessions.ClearAsync(Life);
        return true;
    }

    private async Task ForgetAsync(CancellationToken cancellationToken)
    {
        // A gateway that was frozen may have connected a device in the name of this life after its users had been told.
        if (store.State.DoneAt != 0)
        {
            if (!await LoseConnectionsAsync(cancellationToken))
            {
                return;
            }

            await store.ClearStateAsync(cancellationToken);
        }

        if (await this.GetReminder(ReminderName, cancellationToken) is { } reminder)
        {
            await this.UnregisterReminder(reminder, cancellationToken);
        }

        DeactivateOnIdle();
    }

    // Before the first write: a reminder without a life unregisters itself, a life without a reminder would be a ghost.
    private async ValueTask RemindAsync()
    {
        if (store.State is { LastBeat: 0, EndedAt: 0 })
        {
            await this.RegisterOrUpdateReminder(ReminderName, ReminderPeriod, ReminderPeriod);
        }
    }

    private async ValueTask SaveAsync(GatewayState state)
    {
        _isSaving = true;
        try
        {
            store.State = state;
            await store.WriteStateAsync();
        }
        catch (Exception exception)
        {
            // Written or not: only the storage knows. The next call or the reminder starts anew from there.
            Log.NotStored(logger, exception, Life);
            DeactivateOnIdle();
            throw new PresenceUnavailableException("The lease could not be stored.");
        }
        finally
        {
            _isSaving = false;
        }
    }

    private IEnumerable<SiloLife> Silos() =>
        from member in members.CurrentSnapshot.Members.Values
        where member.Status == SiloStatus.Active
        select member.SiloAddress.ToLife();

    private void CheckAfter(TimeSpan due)
    {
        if (_timer is not null)
        {
            _timer.Change(due, CheckInterval);
            return;
        }

        _timer = this.RegisterGrainTimer(
            static (grain, cancellationToken) => grain.DoWhatIsDueAsync(cancellationToken),
            this,
            new GrainTimerCreationOptions(due, CheckInterval) { Interleave = true, KeepAlive = true });
    }
}
