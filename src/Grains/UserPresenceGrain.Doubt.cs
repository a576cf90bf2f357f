using Presence.Grains.Rules.Users;

namespace Presence.Grains;

internal sealed partial class UserPresenceGrain
{
    // Runs while the store has lost what sinks have seen, and no gateway has said yet whether the user is connected.
    private IGrainTimer? _doubt;
    private long _seen;

    /// <summary>
    /// A sink holds a newer version than the owner: the store has lost it. A user with devices says again what it shows. One without may
    /// be connected all the same, and its gateway will say so before its lease ends: until then the sink keeps what it shows.
    /// </summary>
    private async ValueTask CatchUpAsync(long known)
    {
        _seen = Math.Max(_seen, known);
        if (_state.Devices.Length > 0)
        {
            await CommitAsync(Versions.Overrule(_state, known));
            return;
        }

        _doubt ??= this.RegisterGrainTimer(
            static (grain, _) => grain.EndDoubtAsync(),
            this,
            new GrainTimerCreationOptions(shared.DoubtPeriod, Timeout.InfiniteTimeSpan));
        Stay();
    }

    private async Task EndDoubtAsync()
    {
        _doubt?.Dispose();
        _doubt = null;
        Stay();
        if (_public.Version <= _seen)
        {
            await CommitAsync(Versions.Overrule(_state, _seen));
        }
    }
}
