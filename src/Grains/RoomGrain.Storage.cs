using Microsoft.Extensions.Logging;
using Orleans.Storage;
using Presence.Grains.Rules.Rooms;

namespace Presence.Grains;

internal sealed partial class RoomGrain
{
    /// <summary>The members are written at most this often: a join costs no write of its own.</summary>
    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Above so many members they are written less often in proportion, so that what a join costs does not grow with the room. What a
    /// lost silo had not written yet, the gateways say again.
    /// </summary>
    private const int MembersPerInterval = 1_000;

    private readonly GrainState<RoomState> _stored = new();
    private readonly Dictionary<string, DateTimeOffset> _drops = new(StringComparer.Ordinal);
    private DateTimeOffset _lastSave;
    private bool _isUnsaved;
    private bool _isSaving;

    private DateTimeOffset? NextSave => _isUnsaved && !_isSaving ? _lastSave + (SaveInterval * Math.Max(1, _room.Roster.Size / MembersPerInterval)) : null;

    /// <summary>When the next life must have said which of its stored devices are still here.</summary>
    private DateTimeOffset? NextDrop => _drops.Count == 0 ? null : _drops.Values.Min();

    private async Task RestoreAsync()
    {
        await shared.Storage.ReadStateAsync(RoomGrainShared.StateName, this.GetGrainId(), _stored);
        if (!_stored.RecordExists || _stored.State is not { } state)
        {
            return;
        }

        _room.Restore(state);
        var now = Now;
        foreach (var life in _room.UnconfirmedLives())
        {
            // A gateway that lives attaches again; one that is gone cannot, and its devices have what is left of their grace.
            var lost = await GrainFactory.GetGrain<IGatewayGrain>(life).LostAtAsync();
            _drops[life] = lost ?? now + shared.ReattachTime;
        }

        DropOverdue(now);
        Settle();
    }

    private void DropOverdue(DateTimeOffset now)
    {
        foreach (var (life, deadline) in _drops)
        {
            if (deadline <= now)
            {
                _drops.Remove(life);
                _room.DropUnconfirmed(life);
                _isUnsaved = true;
            }
        }
    }

    private async Task SaveAsync()
    {
        if (!_isUnsaved || _isSaving)
        {
            return;
        }

        (_isUnsaved, _isSaving, _lastSave) = (false, true, Now);
        try
        {
            if (!_room.Roster.IsEmpty)
            {
                _stored.State = _room.State;
                await shared.Storage.WriteStateAsync(RoomGrainShared.StateName, this.GetGrainId(), _stored);
            }
            else if (_stored.RecordExists)
            {
                await shared.Storage.ClearStateAsync(RoomGrainShared.StateName, this.GetGrainId(), _stored);
            }
        }
        catch (InconsistentStateException exception)
        {
            // The room lives elsewhere too: the gateways attach to whichever stays.
            Log.LivesTwice(shared.Logger, exception, RoomId);
            DeactivateOnIdle();
        }
        catch (Exception exception)
        {
            _isUnsaved = true;
            Log.SaveFailed(shared.Logger, exception, RoomId);
            shared.Metrics.StorageFailed();
        }
        finally
        {
            _isSaving = false;
        }
    }

    /// <summary>Event ids 1250 to 1299 belong to this class.</summary>
    private static partial class Log
    {
        [LoggerMessage(1250, LogLevel.Warning, "The members of room {RoomId} could not be written; they will be again.")]
        public static partial void SaveFailed(ILogger logger, Exception exception, string roomId);

        [LoggerMessage(1251, LogLevel.Warning, "Room {RoomId} was written by another activation; this one ends.")]
        public static partial void LivesTwice(ILogger logger, Exception exception, string roomId);
    }
}
