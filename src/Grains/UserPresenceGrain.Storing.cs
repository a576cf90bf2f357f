using Orleans.Storage;
using Presence.Grains.Rules.Users;

namespace Presence.Grains;

internal sealed partial class UserPresenceGrain
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    // What was published or refused is not what is stored, because the store did not answer.
    private bool _isUnstored;

    // The first write of a user that nobody ever saw, until it is over.
    private Task? _firstWrite;
    private IGrainTimer? _retry;

    private bool IsInMemoryOnly => _isUnstored || _doubt is not null;

    private async Task LoadAsync()
    {
        try
        {
            await _store.ReadAsync(shared.Storage, this.GetGrainId());
        }
        catch (Exception exception)
        {
            Log.ReadFailed(shared.Logger, exception, this.GetPrimaryKeyString());
            shared.Metrics.StorageFailed();
            throw new PresenceUnavailableException("The state of the user could not be read.");
        }
    }

    /// <summary>Whether a step cannot do without the store: published above the stored ceiling, a version could come a second time after a crash.</summary>
    private bool NeedsStore(in Step step) =>
        step.Next.PublicVersion.Ceiling > _store.Ceilings.Public || step.Next.OwnVersion.Ceiling > _store.Ceilings.Own;

    /// <summary>Completes when all is stored. A task of several only where there are several: each wait has its cost, see <see cref="ChangeAsync"/>.</summary>
    /// <param name="next">What is to be stored.</param>
    /// <param name="joinedLife">Where the user is to be listed first; null: nowhere.</param>
    /// <param name="lists">What else must have succeeded.</param>
    private Task WriteAsync(UserState next, string? joinedLife, Task? lists = null)
    {
        // Listed first, so that it is durable no later than the state: a stored device whose life nobody can end would be a ghost.
        var listed = joinedLife is null ? default : shared.Sessions.AddAsync(joinedLife, UserId);
        var unlisted = TakeOffAsync(next);
        var written = _store.WriteAsync(shared.Storage, this.GetGrainId(), next);
        if (lists is not null || !listed.IsCompletedSuccessfully || !unlisted.IsCompletedSuccessfully)
        {
            written = Task.WhenAll(written, listed.AsTask(), unlisted.AsTask(), lists ?? Task.CompletedTask);
        }

        _firstWrite = _store.RecordExists ? null : written;
        return shared.Gate.Bound(written);
    }

    private void Stored()
    {
        _firstWrite = null;
        _isUnstored = false;
        shared.Gate.Succeeded();
    }

    /// <summary>A step could not be written. Returns when it may be kept and published all the same.</summary>
    /// <exception cref="PresenceUnavailableException">It may not.</exception>
    private void Recover(Exception failure, bool needsStore)
    {
        if (failure is InconsistentStateException)
        {
            Log.Superseded(shared.Logger, failure, UserId);
            DeactivateOnIdle();
            throw new PresenceUnavailableException("The user has moved.");
        }

        shared.Gate.Failed();
        shared.Metrics.StorageFailed();
        Log.WriteFailed(shared.Logger, failure, UserId);
        GoOnWithoutStore(needsStore);
    }

    /// <inheritdoc cref="Recover"/>
    private void GoOnWithoutStore(bool needsStore)
    {
        if (!shared.Gate.IsBridged)
        {
            // The write may have landed or not, and only the storage knows: start anew from there.
            DeactivateOnIdle();
            throw new PresenceUnavailableException("The state of the user could not be stored.");
        }

        StoreLater();
        if (needsStore)
        {
            throw new PresenceUnavailableException("The state of the user could not be stored.");
        }
    }

    private void StoreLater()
    {
        if (_isUnstored)
        {
            return;
        }

        _isUnstored = true;
        Stay();

        // Spread, so that a store that is back is not met by everybody at once.
        _retry ??= this.RegisterGrainTimer(
            static (grain, _) => grain.StoreAgainAsync(),
            this,
            new GrainTimerCreationOptions(RetryInterval * (1 + Random.Shared.NextDouble()), RetryInterval));
    }

    private async Task StoreAgainAsync()
    {
        if (_isUnstored && shared.Gate.TryEnter())
        {
            try
            {
                // All at once: one after the other they would hold up the user for as many time-outs.
                await WriteAsync(_state, joinedLife: null, ListAgainAsync());
                Stored();
                PutOn(wasSeen: false);
            }
            catch (InconsistentStateException exception)
            {
                Log.Superseded(shared.Logger, exception, UserId);
                _isUnstored = false;
                DeactivateOnIdle();
            }
            catch (Exception exception)
            {
                shared.Gate.Failed();
                Log.StillNotStored(shared.Logger, exception, UserId);
            }
        }

        if (!_isUnstored)
        {
            _retry?.Dispose();
            _retry = null;
            Stay();
        }
    }

    private Task ListAgainAsync() => Task.WhenAll(
    [
        .. _state.Devices.Select(device => shared.Sessions.AddAsync(device.Life, UserId).AsTask()),
        IsSeen(_state) ? Task.CompletedTask : shared.Online.RemoveAsync(UserId).AsTask(),
    ]);

    private async ValueTask DelistAsync(string life)
    {
        try
        {
            await shared.Sessions.RemoveAsync(life, UserId);
        }
        catch (Exception exception)
        {
            // The state is stored; a user listed in vain costs one call when that life ends.
            Log.DelistFailed(shared.Logger, exception, UserId, life);
        }
    }
}
