using System.Collections.Concurrent;
using Presence.Gateway.Connections;
using Presence.Grains;
using Presence.Grains.Settings;

namespace Presence.Gateway.Sessions;

/// <summary>
/// Tells the owner that a device is gone: at once when the person left, after the grace period when the connection was lost. A call
/// that fails is repeated until it succeeds; one that comes too late, since the device is back, changes nothing.
/// </summary>
internal sealed class Departures(
    Owners owners, TimingWheel wheel, PresenceOptions options, GatewayState state, ILogger<Departures> logger)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Departure> _pending = new(StringComparer.Ordinal);

    /// <summary>The person closed the connection on purpose.</summary>
    public Task LeaveAsync(string userId, string connectionId, DateTimeOffset lastProof) =>
        Add(userId, connectionId, lastProof).TellAsync();

    /// <summary>The connection was lost.</summary>
    public void Lose(string userId, string connectionId, DateTimeOffset lastProof) =>
        wheel.Schedule(Add(userId, connectionId, lastProof), options.GracePeriod);

    /// <summary>Ends the grace of one lost connection of a user, to make room for a new one.</summary>
    /// <returns>False when no connection of this user is in grace here.</returns>
    public async Task<bool> TryMakeRoomAsync(string userId)
    {
        while (_pending.Select(pair => pair.Value).Where(d => d.UserId == userId).MinBy(d => d.LastProof) is { } oldest)
        {
            // Many may come back at once, and each needs a place of its own.
            if (_pending.TryRemove(KeyValuePair.Create(oldest.ConnectionId, oldest)))
            {
                wheel.Cancel(oldest);
                await oldest.TellAsync();
                return true;
            }
        }

        return false;
    }

    /// <summary>The same connection signs in again after an attempt whose fate nobody knows: it must not be taken off by what was left of that.</summary>
    public async Task RecallAsync(string connectionId)
    {
        if (_pending.TryRemove(connectionId, out var departure))
        {
            await departure.RecallAsync();
        }
    }

    private Departure Add(string userId, string connectionId, DateTimeOffset lastProof) =>
        _pending[connectionId] = new(this, userId, connectionId, lastProof);

    private sealed class Departure(Departures owner, string userId, string connectionId, DateTimeOffset lastProof) : WheelEntry
    {
        private Task _telling = Task.CompletedTask;
        private volatile bool _isRecalled;

        public string UserId => userId;

        public string ConnectionId => connectionId;

        public DateTimeOffset LastProof => lastProof;

        protected internal override void OnDue()
        {
            // A process that stops leaves its devices in grace: the next life, or the end of the lease, sees to them.
            if (!owner.State.IsDraining)
            {
                _telling = TellAsync();
            }
        }

        /// <summary>Returns when no call is under way and none will follow.</summary>
        public Task RecallAsync()
        {
            _isRecalled = true;
            owner.Cancel(this);
            return _telling;
        }

        public async Task TellAsync()
        {
            if (_isRecalled)
            {
                return;
            }

            try
            {
                await owner.Grain(userId).DisconnectAsync(connectionId, lastProof);
                owner._pending.TryRemove(connectionId, out _);
            }
            catch (Exception e)
            {
                // Whatever it was, nobody else will tell the owner: a device must not stay for ever.
                DeparturesLog.Failed(owner.Logger, e);
                owner.Again(this);
            }
        }
    }

    private ILogger Logger => logger;

    private GatewayState State => state;

    private IUserPresenceGrain Grain(string userId) => owners.Of(userId);

    private void Again(Departure departure) => wheel.Schedule(departure, RetryDelay);

    private void Cancel(Departure departure) => wheel.Cancel(departure);
}

internal static partial class DeparturesLog
{
    [LoggerMessage(2200, LogLevel.Warning, "The owner of a user could not be told that a device is gone; it will be told again.")]
    public static partial void Failed(ILogger logger, Exception exception);
}
