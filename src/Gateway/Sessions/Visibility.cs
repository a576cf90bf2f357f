using Presence.Gateway.Connections;
using Presence.Grains;

namespace Presence.Gateway.Sessions;

/// <summary>
/// Whether the person can see a device. The owner hears only of a device that has been out of sight for the whole delay, and of its
/// return: flipping through tabs costs no call.
/// </summary>
internal sealed class Visibility(Session session, SelfOwners owners, TimingWheel wheel, TimeSpan delay, ILogger logger) : WheelEntry
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private volatile bool _isHidden;

    // Guarded by this: others may see the device hidden before the call that hides it has returned, and answer at once.
    private Task _hiding = Task.CompletedTask;

    public void Hide()
    {
        if (!_isHidden)
        {
            _isHidden = true;
            wheel.Schedule(this, delay);
        }
    }

    /// <summary>In sight again; a call that hides the device comes first if it is under way.</summary>
    public async ValueTask ShowAsync()
    {
        Task hiding;
        lock (this)
        {
            Stop();
            hiding = _hiding;
        }

        await hiding;
        if (session.DeviceStatus == PresenceStatus.Away)
        {
            await ReportAsync(isHidden: false);
        }
    }

    public void Stop()
    {
        _isHidden = false;
        wheel.Cancel(this);
    }

    protected internal override void OnDue()
    {
        lock (this)
        {
            _hiding = HideAsync();
        }
    }

    private async Task HideAsync()
    {
        try
        {
            if (_isHidden && session.DeviceStatus != PresenceStatus.Away)
            {
                await ReportAsync(isHidden: true);
            }
        }
        catch (Exception e)
        {
            // Whatever it was: a device that nobody looks at must not look online for ever.
            VisibilityLog.HideFailed(logger, e);
            if (_isHidden)
            {
                wheel.Schedule(this, RetryDelay);
            }
        }
    }

    private async Task ReportAsync(bool isHidden)
    {
        var status = await owners.Of(session.UserId).SetHiddenAsync(session.Connection.Id, isHidden);
        session.DeviceStatus = status == PresenceStatus.Offline ? session.DeviceStatus : status;
    }
}

internal static partial class VisibilityLog
{
    [LoggerMessage(2240, LogLevel.Warning, "The owner of a user could not be told that a device is hidden; it will be told again.")]
    public static partial void HideFailed(ILogger logger, Exception exception);
}
