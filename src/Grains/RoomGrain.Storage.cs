using Microsoft.Extensions.Logging;
using Orleans.Storage;
using Presence.Grains.Rules.Rooms;

namespace Presence.Grains;

internal sealed partial class RoomGrain
{
    /// <summary>The members are written at most this often: a join costs no write of its own.</summary>
    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Most writes at once, so that those of a large room cost no more than those of others: one that changed everywhere takes longer to be
    /// written. What a lost silo had not written yet, the gateways say again.
    /// </summary>
    private const int WritesPerSave = 3;

    private readonly Dictionary<string, DateTimeOffset> _drops = new(StringComparer.Ordinal);
    private RoomStore _store = null!;
    private DateTimeOffset _lastSave;
    private bool _isSaving;

    private DateTimeOffset? NextSave => _room.Writes.AnyWaits && !_isSaving ? _lastSave + SaveInterval : null;

    /// <summary>When the next life must have said which of its stored devices are still here.</summary>
    private DateTimeOffset? NextDrop => _drops.Count == 0 ? null : _drops.Values.Min();

    private async Task RestoreAsync()
    {
        _store = new(shared.Storage, this.GetGrainId());
        if (await _store.ReadAsync() is not { } stored)
        {
            return;
        }

        _room.Restore(stored.Head, stored.Partitions);
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
            }
        }
    }

    private async Task SaveAsync(int most)
    {
        if (_isSaving)
        {
            return;
        }

        (_isSaving, _lastSave) = (true, Now);
        try
        {
            for (var count = 0; count < most && _room.Writes.Next() is { } write; count++)
            {
                await WriteAsync(write);
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
            Log.SaveFailed(shared.Logger, exception, RoomId);
            shared.Metrics.StorageFailed();
        }
        finally
        {
            _isSaving = false;
        }
    }

    private async Task WriteAsync(RoomWrite write)
    {
        try
        {
            await _store.WriteAsync(write);
        }
        catch
        {
            _room.Writes.Failed(write);
            throw;
        }

        _room.Writes.Done(write);
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
