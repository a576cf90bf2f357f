using Presence.Grains.Rules.Users;

namespace Presence.Grains;

internal sealed partial class UserPresenceGrain
{
    // Timers reach no further than 49 days; one that is due later is set again every day.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    /// <summary>A timer only while a claim is to lapse.</summary>
    private void ScheduleExpiry()
    {
        if (StatusRules.NextExpiry(_state) is not { } next)
        {
            _expiry?.Dispose();
            _expiry = null;
            return;
        }

        var due = next - Now;
        due = due < TimeSpan.Zero ? TimeSpan.Zero : due > LongestTimer ? LongestTimer : due;
        if (_expiry is null)
        {
            _expiry = this.RegisterGrainTimer(
                static (grain, _) => grain.ExpireAsync(), this, new GrainTimerCreationOptions(due, Timeout.InfiniteTimeSpan));
        }
        else
        {
            _expiry.Change(due, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task ExpireAsync()
    {
        var step = StatusRules.Expire(_state, Now);
        await CommitAsync(step);
        if (!step.HasChanged)
        {
            // A little early, or one of many days.
            ScheduleExpiry();
        }
    }
}
